package acctest

import (
	"fmt"
	"strings"

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
	return shape{members: attributeShapes(block.Attributes)}
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

// of is the shape of one of the parts.
func (s shape) of(key string) shape {
	if s.list {
		s.list, s.computed = false, false
		return s
	}
	return s.members[strings.TrimPrefix(key, ".")]
}

// parts are the members of an object or a map, as .name, and the elements of a
// list, as [index]. What is null or unknown has none.
func parts(value tftypes.Value) map[string]tftypes.Value {
	all := map[string]tftypes.Value{}
	var elements []tftypes.Value
	var members map[string]tftypes.Value
	if !value.IsKnown() || value.As(&elements) != nil && value.As(&members) != nil {
		return all
	}
	for i, element := range elements {
		all[fmt.Sprintf("[%d]", i)] = element
	}
	for name, member := range members {
		all["."+name] = member
	}
	return all
}

// whole is the reverse of parts.
func whole(typ tftypes.Type, parts map[string]tftypes.Value) tftypes.Value {
	if typ.Is(tftypes.List{}) {
		elements := make([]tftypes.Value, len(parts))
		for i := range elements {
			elements[i] = parts[fmt.Sprintf("[%d]", i)]
		}
		return tftypes.NewValue(typ, elements)
	}
	members := make(map[string]tftypes.Value, len(parts))
	for key, member := range parts {
		members[strings.TrimPrefix(key, ".")] = member
	}
	return tftypes.NewValue(typ, members)
}

// propose merges a configuration with the prior state as Terraform does before it
// asks for a plan: what is configured wins, and where nothing is configured a
// computed attribute keeps its prior value. Write-only values are never part of it.
func (s shape) propose(prior, config tftypes.Value) tftypes.Value {
	switch {
	case s.writeOnly:
		return tftypes.NewValue(config.Type(), nil)
	case config.IsNull() && s.computed:
		return prior
	case config.IsNull() || !config.IsKnown() || s.members == nil:
		return config
	}
	configured, held := parts(config), parts(prior)
	for key, one := range configured {
		before, was := held[key]
		if !was {
			before = tftypes.NewValue(one.Type(), nil)
		}
		configured[key] = s.of(key).propose(before, one)
	}
	return whole(config.Type(), configured)
}
