package acctest

import (
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// shape is what proposing a value asks about an attribute or block: whether the
// provider may fill it in, and what is nested in it.
type shape struct {
	computed, writeOnly bool
	// members are the attributes of what is nested; nil for a plain value. list
	// tells that there are several of it, paired by index.
	members map[string]shape
	list    bool
}

func blockShape(block *tfprotov6.SchemaBlock) shape {
	members := attributeShapes(block.Attributes)
	for _, nested := range block.BlockTypes {
		inner := blockShape(nested.Block)
		inner.list = nested.Nesting == tfprotov6.SchemaNestedBlockNestingModeList
		if nested.Nesting == tfprotov6.SchemaNestedBlockNestingModeSet || nested.Nesting == tfprotov6.SchemaNestedBlockNestingModeMap {
			inner.members = nil
		}
		members[nested.TypeName] = inner
	}
	return shape{members: members}
}

func attributeShapes(attributes []*tfprotov6.SchemaAttribute) map[string]shape {
	members := map[string]shape{}
	for _, attribute := range attributes {
		one := shape{computed: attribute.Computed, writeOnly: attribute.WriteOnly}
		if nested := attribute.NestedType; nested != nil {
			switch nested.Nesting {
			case tfprotov6.SchemaObjectNestingModeSingle:
				one.members = attributeShapes(nested.Attributes)
			case tfprotov6.SchemaObjectNestingModeList:
				one.members, one.list = attributeShapes(nested.Attributes), true
			default:
				// Sets and maps of objects are not merged; the provider has none.
			}
		}
		members[attribute.Name] = one
	}
	return members
}

// propose merges a configuration with the prior state as Terraform does before it
// asks for a plan: what is configured wins, and where nothing is configured a
// computed attribute keeps its prior value. Write-only values are never part of it.
func (s shape) propose(prior, config tftypes.Value) (tftypes.Value, error) {
	switch {
	case s.writeOnly:
		return tftypes.NewValue(config.Type(), nil), nil
	case config.IsNull() && s.computed:
		return prior, nil
	case config.IsNull() || !config.IsKnown() || s.members == nil:
		return config, nil
	case s.list:
		return s.proposeList(prior, config)
	default:
		return s.proposeObject(prior, config)
	}
}

func (s shape) proposeList(prior, config tftypes.Value) (tftypes.Value, error) {
	configured, err := read(config, &[]tftypes.Value{})
	if err != nil {
		return config, err
	}
	var held []tftypes.Value
	if prior.IsKnown() && !prior.IsNull() {
		if held, err = read(prior, &[]tftypes.Value{}); err != nil {
			return config, err
		}
	}
	element := s
	element.list, element.computed = false, false
	proposed := make([]tftypes.Value, len(configured))
	for i, one := range configured {
		before := tftypes.NewValue(one.Type(), nil)
		if i < len(held) {
			before = held[i]
		}
		if proposed[i], err = element.propose(before, one); err != nil {
			return config, err
		}
	}
	return tftypes.NewValue(config.Type(), proposed), nil
}

func (s shape) proposeObject(prior, config tftypes.Value) (tftypes.Value, error) {
	configured, err := read(config, &map[string]tftypes.Value{})
	if err != nil {
		return config, err
	}
	var held map[string]tftypes.Value
	if prior.IsKnown() && !prior.IsNull() {
		if held, err = read(prior, &map[string]tftypes.Value{}); err != nil {
			return config, err
		}
	}
	proposed := make(map[string]tftypes.Value, len(configured))
	for name, one := range configured {
		before, was := held[name]
		if !was {
			before = tftypes.NewValue(one.Type(), nil)
		}
		if proposed[name], err = s.members[name].propose(before, one); err != nil {
			return config, err
		}
	}
	return tftypes.NewValue(config.Type(), proposed), nil
}
