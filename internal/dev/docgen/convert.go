package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// converter makes what Terraform prints of what a provider answers. It goes on
// after an error, so that one run names them all.
type converter struct{ errs []error }

func (c *converter) fail(at string, err error) {
	c.errs = append(c.errs, fmt.Errorf("%s: %w", at, err))
}

func (c *converter) schema(at string, schema *tfprotov6.Schema) *tfjson.Schema {
	if len(schema.Block.BlockTypes) > 0 {
		c.fail(at, errors.New("nested blocks are not printed; use nested attributes"))
	}
	return &tfjson.Schema{Version: c.version(at, schema.Version), Block: &tfjson.SchemaBlock{
		Attributes:      c.attributes(at, schema.Block.Attributes),
		Description:     schema.Block.Description,
		DescriptionKind: descriptionKind(schema.Block.DescriptionKind),
		Deprecated:      schema.Block.Deprecated,
	}}
}

// action: actions keep no state, so their schemas have no version.
func (c *converter) action(at string, action *tfprotov6.ActionSchema) *tfjson.ActionSchema {
	return &tfjson.ActionSchema{Block: c.schema(at, action.Schema).Block}
}

func (c *converter) attributes(at string, attributes []*tfprotov6.SchemaAttribute) map[string]*tfjson.SchemaAttribute {
	converted := make(map[string]*tfjson.SchemaAttribute, len(attributes))
	for _, attribute := range attributes {
		at := at + ": attribute " + attribute.Name
		one := &tfjson.SchemaAttribute{
			Description:     attribute.Description,
			DescriptionKind: descriptionKind(attribute.DescriptionKind),
			Deprecated:      attribute.Deprecated,
			Required:        attribute.Required,
			Optional:        attribute.Optional,
			Computed:        attribute.Computed,
			Sensitive:       attribute.Sensitive,
			WriteOnly:       attribute.WriteOnly,
		}
		if nested := attribute.NestedType; nested == nil {
			one.AttributeType = c.convert(at, attribute.Type)
		} else {
			if nested.Nesting == tfprotov6.SchemaObjectNestingModeInvalid {
				c.fail(at, errors.New("the nesting mode is missing"))
			}
			// The protocol's names are those of JSON, in upper case.
			mode := tfjson.SchemaNestingMode(strings.ToLower(nested.Nesting.String()))
			one.AttributeNestedType = &tfjson.SchemaNestedAttributeType{NestingMode: mode, Attributes: c.attributes(at, nested.Attributes)}
		}
		converted[attribute.Name] = one
	}
	return converted
}

func (c *converter) identity(at string, schema *tfprotov6.ResourceIdentitySchema) *tfjson.IdentitySchema {
	attributes := make(map[string]*tfjson.IdentityAttribute, len(schema.IdentityAttributes))
	for _, attribute := range schema.IdentityAttributes {
		attributes[attribute.Name] = &tfjson.IdentityAttribute{
			IdentityType:      c.convert(at+": attribute "+attribute.Name, attribute.Type),
			Description:       attribute.Description,
			RequiredForImport: attribute.RequiredForImport,
			OptionalForImport: attribute.OptionalForImport,
		}
	}
	return &tfjson.IdentitySchema{Version: c.version(at, schema.Version), Attributes: attributes}
}

func (c *converter) function(at string, function *tfprotov6.Function) *tfjson.FunctionSignature {
	signature := &tfjson.FunctionSignature{
		Description:        function.Description,
		Summary:            function.Summary,
		DeprecationMessage: function.DeprecationMessage,
		ReturnType:         c.convert(at, function.Return.Type),
	}
	for _, parameter := range function.Parameters {
		signature.Parameters = append(signature.Parameters, c.parameter(at, parameter))
	}
	if function.VariadicParameter != nil {
		signature.VariadicParameter = c.parameter(at, function.VariadicParameter)
	}
	return signature
}

func (c *converter) parameter(at string, parameter *tfprotov6.FunctionParameter) *tfjson.FunctionParameter {
	return &tfjson.FunctionParameter{
		Name:        parameter.Name,
		Description: parameter.Description,
		IsNullable:  parameter.AllowNullValue,
		Type:        c.convert(at+": parameter "+parameter.Name, parameter.Type),
	}
}

// convert goes through JSON because that is how a type crosses the plugin
// protocol: both libraries define the same text for it.
func (c *converter) convert(at string, from tftypes.Type) cty.Type {
	text, err := json.Marshal(from)
	if err == nil {
		var to cty.Type
		if to, err = ctyjson.UnmarshalType(text); err == nil {
			return to
		}
	}
	c.fail(at, fmt.Errorf("the type %s: %w", text, err))
	return cty.NilType
}

func (c *converter) version(at string, number int64) uint64 {
	if number < 0 {
		c.fail(at, fmt.Errorf("version %d is negative", number))
		return 0
	}
	return uint64(number)
}

func descriptionKind(kind tfprotov6.StringKind) tfjson.SchemaDescriptionKind {
	if kind == tfprotov6.StringKindMarkdown {
		return tfjson.SchemaDescriptionKindMarkdown
	}
	return tfjson.SchemaDescriptionKindPlain
}
