package main

import (
	"encoding/json"
	"errors"
	"fmt"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// blockNesting and objectNesting translate the protocol's numbers. A mode that
// is missing here is the protocol's invalid zero or newer than this program.
func blockNesting(mode tfprotov6.SchemaNestedBlockNestingMode) (tfjson.SchemaNestingMode, error) {
	switch mode {
	case tfprotov6.SchemaNestedBlockNestingModeSingle:
		return tfjson.SchemaNestingModeSingle, nil
	case tfprotov6.SchemaNestedBlockNestingModeList:
		return tfjson.SchemaNestingModeList, nil
	case tfprotov6.SchemaNestedBlockNestingModeSet:
		return tfjson.SchemaNestingModeSet, nil
	case tfprotov6.SchemaNestedBlockNestingModeMap:
		return tfjson.SchemaNestingModeMap, nil
	case tfprotov6.SchemaNestedBlockNestingModeGroup:
		return tfjson.SchemaNestingModeGroup, nil
	case tfprotov6.SchemaNestedBlockNestingModeInvalid:
	}
	return "", fmt.Errorf("block nesting mode %s has no JSON name", mode)
}

func objectNesting(mode tfprotov6.SchemaObjectNestingMode) (tfjson.SchemaNestingMode, error) {
	switch mode {
	case tfprotov6.SchemaObjectNestingModeSingle:
		return tfjson.SchemaNestingModeSingle, nil
	case tfprotov6.SchemaObjectNestingModeList:
		return tfjson.SchemaNestingModeList, nil
	case tfprotov6.SchemaObjectNestingModeSet:
		return tfjson.SchemaNestingModeSet, nil
	case tfprotov6.SchemaObjectNestingModeMap:
		return tfjson.SchemaNestingModeMap, nil
	case tfprotov6.SchemaObjectNestingModeInvalid:
	}
	return "", fmt.Errorf("attribute nesting mode %s has no JSON name", mode)
}

func convertSchema(schema *tfprotov6.Schema) (*tfjson.Schema, error) {
	// A provider without settings has no schema at all, which Terraform prints as
	// an empty block.
	if schema == nil {
		return &tfjson.Schema{Block: &tfjson.SchemaBlock{DescriptionKind: tfjson.SchemaDescriptionKindPlain}}, nil
	}
	version, err := unsigned("schema version", schema.Version)
	if err != nil {
		return nil, err
	}
	block, err := convertBlock(schema.Block)
	if err != nil {
		return nil, err
	}
	return &tfjson.Schema{Version: version, Block: block}, nil
}

func convertAction(action *tfprotov6.ActionSchema) (*tfjson.ActionSchema, error) {
	// Actions keep no state, so their schemas have no version.
	schema, err := convertSchema(action.Schema)
	if err != nil {
		return nil, err
	}
	return &tfjson.ActionSchema{Block: schema.Block}, nil
}

func convertBlock(block *tfprotov6.SchemaBlock) (*tfjson.SchemaBlock, error) {
	attributes, err := convertAttributes(block.Attributes)
	if err != nil {
		return nil, err
	}
	nested := make(map[string]*tfjson.SchemaBlockType, len(block.BlockTypes))
	for _, blockType := range block.BlockTypes {
		nested[blockType.TypeName], err = convertBlockType(blockType)
		if err != nil {
			return nil, fmt.Errorf("block %s: %w", blockType.TypeName, err)
		}
	}
	return &tfjson.SchemaBlock{
		Attributes:      attributes,
		NestedBlocks:    nested,
		Description:     block.Description,
		DescriptionKind: descriptionKind(block.DescriptionKind),
		Deprecated:      block.Deprecated,
	}, nil
}

func convertBlockType(blockType *tfprotov6.SchemaNestedBlock) (*tfjson.SchemaBlockType, error) {
	nesting, err := blockNesting(blockType.Nesting)
	if err != nil {
		return nil, err
	}
	block, err := convertBlock(blockType.Block)
	if err != nil {
		return nil, err
	}
	minItems, err := unsigned("minimum of items", blockType.MinItems)
	if err != nil {
		return nil, err
	}
	maxItems, err := unsigned("maximum of items", blockType.MaxItems)
	if err != nil {
		return nil, err
	}
	return &tfjson.SchemaBlockType{NestingMode: nesting, Block: block, MinItems: minItems, MaxItems: maxItems}, nil
}

func convertAttributes(attributes []*tfprotov6.SchemaAttribute) (map[string]*tfjson.SchemaAttribute, error) {
	converted := make(map[string]*tfjson.SchemaAttribute, len(attributes))
	for _, attribute := range attributes {
		result, err := convertAttribute(attribute)
		if err != nil {
			return nil, fmt.Errorf("attribute %s: %w", attribute.Name, err)
		}
		converted[attribute.Name] = result
	}
	return converted, nil
}

func convertAttribute(attribute *tfprotov6.SchemaAttribute) (*tfjson.SchemaAttribute, error) {
	result := &tfjson.SchemaAttribute{
		Description:     attribute.Description,
		DescriptionKind: descriptionKind(attribute.DescriptionKind),
		Deprecated:      attribute.Deprecated,
		Required:        attribute.Required,
		Optional:        attribute.Optional,
		Computed:        attribute.Computed,
		Sensitive:       attribute.Sensitive,
		WriteOnly:       attribute.WriteOnly,
	}
	var err error
	if attribute.NestedType == nil {
		result.AttributeType, err = convertType(attribute.Type)
		return result, err
	}

	result.AttributeNestedType = &tfjson.SchemaNestedAttributeType{}
	result.AttributeNestedType.NestingMode, err = objectNesting(attribute.NestedType.Nesting)
	if err != nil {
		return nil, err
	}
	result.AttributeNestedType.Attributes, err = convertAttributes(attribute.NestedType.Attributes)
	return result, err
}

func convertIdentity(schema *tfprotov6.ResourceIdentitySchema) (*tfjson.IdentitySchema, error) {
	version, err := unsigned("identity version", schema.Version)
	if err != nil {
		return nil, err
	}
	attributes := make(map[string]*tfjson.IdentityAttribute, len(schema.IdentityAttributes))
	for _, attribute := range schema.IdentityAttributes {
		identityType, err := convertType(attribute.Type)
		if err != nil {
			return nil, fmt.Errorf("attribute %s: %w", attribute.Name, err)
		}
		attributes[attribute.Name] = &tfjson.IdentityAttribute{
			IdentityType:      identityType,
			Description:       attribute.Description,
			RequiredForImport: attribute.RequiredForImport,
			OptionalForImport: attribute.OptionalForImport,
		}
	}
	return &tfjson.IdentitySchema{Version: version, Attributes: attributes}, nil
}

func convertFunction(function *tfprotov6.Function) (*tfjson.FunctionSignature, error) {
	signature := &tfjson.FunctionSignature{
		Description:        function.Description,
		Summary:            function.Summary,
		DeprecationMessage: function.DeprecationMessage,
	}
	var err error
	signature.ReturnType, err = convertType(function.Return.Type)
	if err != nil {
		return nil, fmt.Errorf("return value: %w", err)
	}
	for _, parameter := range function.Parameters {
		converted, err := convertParameter(parameter)
		if err != nil {
			return nil, err
		}
		signature.Parameters = append(signature.Parameters, converted)
	}
	if function.VariadicParameter != nil {
		signature.VariadicParameter, err = convertParameter(function.VariadicParameter)
	}
	return signature, err
}

func convertParameter(parameter *tfprotov6.FunctionParameter) (*tfjson.FunctionParameter, error) {
	parameterType, err := convertType(parameter.Type)
	if err != nil {
		return nil, fmt.Errorf("parameter %s: %w", parameter.Name, err)
	}
	return &tfjson.FunctionParameter{
		Name:        parameter.Name,
		Description: parameter.Description,
		IsNullable:  parameter.AllowNullValue,
		Type:        parameterType,
	}, nil
}

// convertType goes through JSON because that is how a type crosses the plugin
// protocol: both libraries define the same text for it.
func convertType(from tftypes.Type) (cty.Type, error) {
	if from == nil {
		return cty.NilType, errors.New("the type is missing")
	}
	text, err := json.Marshal(from)
	if err != nil {
		return cty.NilType, fmt.Errorf("writing type %s: %w", from, err)
	}
	to, err := ctyjson.UnmarshalType(text)
	if err != nil {
		return cty.NilType, fmt.Errorf("reading type %s: %w", text, err)
	}
	return to, nil
}

func descriptionKind(kind tfprotov6.StringKind) tfjson.SchemaDescriptionKind {
	if kind == tfprotov6.StringKindMarkdown {
		return tfjson.SchemaDescriptionKindMarkdown
	}
	return tfjson.SchemaDescriptionKindPlain
}

func unsigned(what string, number int64) (uint64, error) {
	if number < 0 {
		return 0, fmt.Errorf("%s %d is negative", what, number)
	}
	return uint64(number), nil
}
