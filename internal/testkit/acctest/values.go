package acctest

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strconv"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

type unknown struct{}

// String implements fmt.Stringer.
func (unknown) String() string { return "(known after apply)" }

// Unknown stands for a value that is not known yet, wherever a driver takes or
// gives plain values.
var Unknown = unknown{}

// toValue turns plain Go values into a Terraform value: nil is null, Unknown is
// unknown, and attributes that a map leaves out of an object are null.
func toValue(typ tftypes.Type, plain any) (tftypes.Value, error) {
	switch v := plain.(type) {
	case nil:
		return tftypes.NewValue(typ, nil), nil
	case unknown:
		return tftypes.NewValue(typ, tftypes.UnknownValue), nil
	case map[string]string:
		return toValue(typ, widenMap(v))
	case []string:
		return toValue(typ, widenList(v))
	case []map[string]any:
		return toValue(typ, widenList(v))
	}
	if typ.Is(tftypes.DynamicPseudoType) {
		typ = typeOf(plain)
	}
	switch t := typ.(type) {
	case tftypes.Object:
		return toMembers(typ, "an object", plain, func(name string) tftypes.Type { return t.AttributeTypes[name] }, t.AttributeTypes)
	case tftypes.Map:
		return toMembers(typ, "a map", plain, func(string) tftypes.Type { return t.ElementType }, nil)
	case tftypes.Tuple:
		return toElements(typ, plain, func(i int) tftypes.Type { return t.ElementTypes[i] })
	case tftypes.List:
		return toElements(typ, plain, func(int) tftypes.Type { return t.ElementType })
	case tftypes.Set:
		return toElements(typ, plain, func(int) tftypes.Type { return t.ElementType })
	default:
		return toPrimitive(typ, plain)
	}
}

// typeOf is the type that Terraform gives a literal, for what may be of any
// type: an object or a tuple, not a map or a list.
func typeOf(plain any) tftypes.Type {
	switch v := plain.(type) {
	case bool:
		return tftypes.Bool
	case string:
		return tftypes.String
	case int, int64, float64:
		return tftypes.Number
	case []any:
		types := make([]tftypes.Type, len(v))
		for i, element := range v {
			types[i] = typeOf(element)
		}
		return tftypes.Tuple{ElementTypes: types}
	case map[string]any:
		types := make(map[string]tftypes.Type, len(v))
		for name, member := range v {
			types[name] = typeOf(member)
		}
		return tftypes.Object{AttributeTypes: types}
	default:
		return tftypes.DynamicPseudoType
	}
}

func widenMap[T any](m map[string]T) map[string]any {
	wide := make(map[string]any, len(m))
	for key, value := range m {
		wide[key] = value
	}
	return wide
}

func widenList[T any](list []T) []any {
	wide := make([]any, len(list))
	for i, value := range list {
		wide[i] = value
	}
	return wide
}

func toPrimitive(typ tftypes.Type, plain any) (tftypes.Value, error) {
	if number, ok := plain.(int); ok {
		plain = int64(number)
	}
	if err := tftypes.ValidateValue(typ, plain); err != nil {
		return tftypes.Value{}, fmt.Errorf("%T does not fit %s", plain, typ)
	}
	return tftypes.NewValue(typ, plain), nil
}

// toMembers makes an object, whose attributes are listed and null where the plain
// value leaves them out, or a map.
func toMembers(typ tftypes.Type, kind string, plain any, typeOf func(string) tftypes.Type, attributes map[string]tftypes.Type) (tftypes.Value, error) {
	members, ok := plain.(map[string]any)
	if !ok {
		return tftypes.Value{}, fmt.Errorf("%T does not fit %s", plain, kind)
	}
	values := make(map[string]tftypes.Value, max(len(members), len(attributes)))
	for name, attributeType := range attributes {
		values[name] = tftypes.NewValue(attributeType, nil)
	}
	for name, member := range members {
		memberType := typeOf(name)
		if memberType == nil {
			return tftypes.Value{}, fmt.Errorf("there is no attribute %q among %v", name, slices.Sorted(maps.Keys(attributes)))
		}
		var err error
		if values[name], err = toValue(memberType, member); err != nil {
			return tftypes.Value{}, fmt.Errorf("%s: %w", name, err)
		}
	}
	return tftypes.NewValue(typ, values), nil
}

func toElements(typ tftypes.Type, plain any, typeOf func(int) tftypes.Type) (tftypes.Value, error) {
	elements, ok := plain.([]any)
	if !ok {
		return tftypes.Value{}, fmt.Errorf("%T does not fit a list", plain)
	}
	values := make([]tftypes.Value, len(elements))
	for i, element := range elements {
		var err error
		if values[i], err = toValue(typeOf(i), element); err != nil {
			return tftypes.Value{}, fmt.Errorf("[%d]: %w", i, err)
		}
	}
	return tftypes.NewValue(typ, values), nil
}

// fromValue is the reverse of toValue. Objects and maps become map[string]any,
// lists and sets []any, whole numbers int64 and others float64.
func fromValue(value tftypes.Value) (any, error) {
	switch {
	case !value.IsKnown():
		return Unknown, nil
	case value.IsNull():
		return nil, nil //nolint:nilnil // null is a value here, and nil stands for it.
	}
	switch typ := value.Type(); {
	case typ.Is(tftypes.String):
		return read(value, new(string))
	case typ.Is(tftypes.Bool):
		return read(value, new(bool))
	case typ.Is(tftypes.Number):
		number, err := read(value, new(big.Float))
		if whole, accuracy := number.Int64(); accuracy == big.Exact {
			return whole, err
		}
		fraction, _ := number.Float64()
		return fraction, err
	case typ.Is(tftypes.Object{}), typ.Is(tftypes.Map{}):
		members, err := read(value, &map[string]tftypes.Value{})
		if err != nil {
			return nil, err
		}
		plain := make(map[string]any, len(members))
		for name, member := range members {
			if plain[name], err = fromValue(member); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
		}
		return plain, nil
	default:
		elements, err := read(value, &[]tftypes.Value{})
		if err != nil {
			return nil, err
		}
		plain := make([]any, len(elements))
		for i, element := range elements {
			if plain[i], err = fromValue(element); err != nil {
				return nil, fmt.Errorf("[%d]: %w", i, err)
			}
		}
		return plain, nil
	}
}

func read[T any](value tftypes.Value, into *T) (T, error) {
	if err := value.As(into); err != nil {
		return *into, fmt.Errorf("read a value of type %s: %w", value.Type(), err)
	}
	return *into, nil
}

// attributesOf reads a whole object; null is nil.
func attributesOf(value tftypes.Value) (map[string]any, error) {
	plain, err := fromValue(value)
	if err != nil || plain == nil {
		return nil, err
	}
	members, ok := plain.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("%s is not an object", value.Type())
	}
	return members, nil
}

// pick follows a path of attribute names, map keys and list indexes.
func pick(plain any, path ...string) any {
	for _, step := range path {
		switch container := plain.(type) {
		case map[string]any:
			plain = container[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(container) {
				return nil
			}
			plain = container[i]
		default:
			return nil
		}
	}
	return plain
}
