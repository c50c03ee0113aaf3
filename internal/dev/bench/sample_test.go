package main

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// typeName is the resource that is read.
const typeName = "appypie_connect"

// sample is a connect as a state knows it.
type sample struct {
	ID, Name, Match, URL string
}

// state is the sample in MessagePack.
func (s sample) state(tb testing.TB, of tftypes.Type) []byte {
	tb.Helper()
	object, ok := of.(tftypes.Object)
	if !ok {
		tb.Fatal("the schema of the connect is no object")
	}
	step := func(of tftypes.Type, options map[string]string) tftypes.Value {
		values := map[string]tftypes.Value{}
		for key, option := range options {
			values[key] = tftypes.NewValue(tftypes.String, option)
		}
		return withNulls(of, map[string]tftypes.Value{"options": tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, values)})
	}
	text := func(value string) tftypes.Value { return tftypes.NewValue(tftypes.String, value) }
	stepType := object.AttributeTypes["trigger"]
	return encode(tb, of, map[string]tftypes.Value{
		"id": text(s.ID), "name": text(s.Name), "popular_match_id": text(s.Match), "deletion_policy": text("delete"),
		"trigger": step(stepType, map[string]string{"minute": "15"}),
		"actions": tftypes.NewValue(object.AttributeTypes["actions"], []tftypes.Value{
			step(stepType, map[string]string{"url": s.URL, "payload": "minute 15"}),
		}),
	})
}

// withNulls is an object whose other attributes are null.
func withNulls(of tftypes.Type, values map[string]tftypes.Value) tftypes.Value {
	object, _ := of.(tftypes.Object)
	all := map[string]tftypes.Value{}
	for name, attribute := range object.AttributeTypes {
		value, ok := values[name]
		if !ok {
			value = tftypes.NewValue(attribute, nil)
		}
		all[name] = value
	}
	return tftypes.NewValue(of, all)
}

// encode turns an object into MessagePack.
func encode(tb testing.TB, of tftypes.Type, values map[string]tftypes.Value) []byte {
	tb.Helper()
	encoded, err := tfprotov6.NewDynamicValue(of, withNulls(of, values))
	if err != nil {
		tb.Fatal(err)
	}
	return encoded.MsgPack
}
