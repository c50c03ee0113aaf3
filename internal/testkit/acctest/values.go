package acctest

import (
	"fmt"
	"math/big"
	"reflect"
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
func toValue(typ tftypes.Type, plain any) (value tftypes.Value, err error) {
	switch v := plain.(type) {
	case nil:
		return tftypes.NewValue(typ, nil), nil
	case unknown:
		return tftypes.NewValue(typ, tftypes.UnknownValue), nil
	case int:
		plain = int64(v)
	}
	if typ.Is(tftypes.DynamicPseudoType) {
		typ = typeOf(plain)
	}
	var raw any
	switch v := reflect.ValueOf(plain); {
	case v.Kind() == reflect.Map && (typ.Is(tftypes.Object{}) || typ.Is(tftypes.Map{})):
		raw, err = toMembers(typ, v)
	case v.Kind() == reflect.Slice:
		raw, err = toElements(typ, v)
	default:
		raw = plain
	}
	if err != nil {
		return tftypes.Value{}, err
	}
	if err := tftypes.ValidateValue(typ, raw); err != nil {
		return tftypes.Value{}, fmt.Errorf("%T does not fit %s", plain, typ)
	}
	return tftypes.NewValue(typ, raw), nil
}

func toMembers(typ tftypes.Type, plain reflect.Value) (map[string]tftypes.Value, error) {
	values := map[string]tftypes.Value{}
	object, isObject := typ.(tftypes.Object)
	for name, attribute := range object.AttributeTypes {
		values[name] = tftypes.NewValue(attribute, nil)
	}
	for _, key := range plain.MapKeys() {
		member := object.AttributeTypes[key.String()]
		if elements, isMap := typ.(tftypes.Map); isMap {
			member = elements.ElementType
		}
		if isObject && member == nil {
			return nil, fmt.Errorf("there is no attribute %q in %s", key, typ)
		}
		var err error
		if values[key.String()], err = toValue(member, plain.MapIndex(key).Interface()); err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
	}
	return values, nil
}

func toElements(typ tftypes.Type, plain reflect.Value) ([]tftypes.Value, error) {
	values := make([]tftypes.Value, plain.Len())
	for i := range values {
		var of tftypes.Type
		switch t := typ.(type) {
		case tftypes.List:
			of = t.ElementType
		case tftypes.Set:
			of = t.ElementType
		case tftypes.Tuple:
			of = t.ElementTypes[i]
		default:
			return nil, fmt.Errorf("a list does not fit %s", typ)
		}
		var err error
		if values[i], err = toValue(of, plain.Index(i).Interface()); err != nil {
			return nil, fmt.Errorf("[%d]: %w", i, err)
		}
	}
	return values, nil
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

// fromValue is the reverse of toValue. Objects and maps become map[string]any,
// lists and sets []any, whole numbers int64 and others float64.
func fromValue(value tftypes.Value) any {
	if !value.IsKnown() {
		return Unknown
	}
	if value.IsNull() {
		return nil
	}
	var (
		text     string
		truth    bool
		number   big.Float
		members  map[string]tftypes.Value
		elements []tftypes.Value
	)
	switch {
	case value.As(&text) == nil:
		return text
	case value.As(&truth) == nil:
		return truth
	case value.As(&number) == nil:
		if whole, accuracy := number.Int64(); accuracy == big.Exact {
			return whole
		}
		fraction, _ := number.Float64()
		return fraction
	case value.As(&members) == nil:
		plain := make(map[string]any, len(members))
		for name, member := range members {
			plain[name] = fromValue(member)
		}
		return plain
	}
	_ = value.As(&elements) // There is no other type.
	plain := make([]any, len(elements))
	for i, element := range elements {
		plain[i] = fromValue(element)
	}
	return plain
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
