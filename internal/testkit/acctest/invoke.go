package acctest

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// FunctionError is what a function of the provider refuses its arguments with.
type FunctionError struct {
	Text string
	// Argument is the position of the argument to blame, from 0; -1 for none.
	Argument int64
}

// Open validates and opens an ephemeral resource and returns its attributes,
// nil when there are errors.
func (d *Driver) Open(ctx context.Context, typeName string, config map[string]any) (map[string]any, Diagnostics) {
	d.t.Helper()
	schema := named(d, "ephemeral resource", typeName, d.schema.EphemeralResourceSchemas)
	encoded := d.encode(d.value(schema, config))
	validated, err := d.server.ValidateEphemeralResourceConfig(ctx, &tfprotov6.ValidateEphemeralResourceConfigRequest{TypeName: typeName, Config: encoded})
	d.must("ValidateEphemeralResourceConfig", err)
	diags := diagnostics(validated.Diagnostics)
	if diags.HasError() {
		return nil, diags
	}
	answer, err := d.server.OpenEphemeralResource(ctx, &tfprotov6.OpenEphemeralResourceRequest{TypeName: typeName, Config: encoded})
	d.must("OpenEphemeralResource", err)
	diags = append(diags, diagnostics(answer.Diagnostics)...)
	if diags.HasError() {
		return nil, diags
	}
	return attributes(d.decode(schema, answer.Result)), diags
}

// PlanAction validates and plans an action.
func (d *Driver) PlanAction(ctx context.Context, typeName string, config map[string]any) Diagnostics {
	d.t.Helper()
	_, _, diags := d.planAction(ctx, typeName, config)
	return diags
}

func (d *Driver) planAction(ctx context.Context, typeName string, config map[string]any) (tfprotov6.ActionServer, *tfprotov6.DynamicValue, Diagnostics) {
	d.t.Helper()
	schema := named(d, "action", typeName, d.schema.ActionSchemas)
	server, ok := d.server.(tfprotov6.ActionServer)
	if !ok {
		d.t.Fatalf("the provider's server knows no actions")
	}
	encoded := d.encode(d.value(schema.Schema, config))
	validated, err := server.ValidateActionConfig(ctx, &tfprotov6.ValidateActionConfigRequest{ActionType: typeName, Config: encoded})
	d.must("ValidateActionConfig", err)
	diags := diagnostics(validated.Diagnostics)
	if diags.HasError() {
		return server, encoded, diags
	}
	planned, err := server.PlanAction(ctx, &tfprotov6.PlanActionRequest{ActionType: typeName, Config: encoded})
	d.must("PlanAction", err)
	return server, encoded, append(diags, diagnostics(planned.Diagnostics)...)
}

// Invoke validates, plans and invokes an action, and returns the messages that
// it showed meanwhile.
func (d *Driver) Invoke(ctx context.Context, typeName string, config map[string]any) ([]string, Diagnostics) {
	d.t.Helper()
	server, encoded, diags := d.planAction(ctx, typeName, config)
	if diags.HasError() {
		return nil, diags
	}
	stream, err := server.InvokeAction(ctx, &tfprotov6.InvokeActionRequest{ActionType: typeName, Config: encoded})
	d.must("InvokeAction", err)
	var messages []string
	completed := false
	for event := range stream.Events {
		switch e := event.Type.(type) {
		case tfprotov6.ProgressInvokeActionEventType:
			messages = append(messages, e.Message)
		case tfprotov6.CompletedInvokeActionEventType:
			completed = true
			diags = append(diags, diagnostics(e.Diagnostics)...)
		}
	}
	if !completed {
		d.t.Fatalf("InvokeAction of %s ended without completing", typeName)
	}
	return messages, diags
}

// Call calls a function and returns its result, or what it refuses. Arguments
// beyond the parameters belong to the variadic one. As Terraform does, it
// refuses a null that a parameter does not allow, and answers Unknown without
// asking the provider when an argument is not wholly known.
func (d *Driver) Call(ctx context.Context, name string, arguments ...any) (any, *FunctionError) {
	d.t.Helper()
	function := named(d, "function", name, d.schema.Functions)
	encoded := make([]*tfprotov6.DynamicValue, len(arguments))
	unknown := false
	for i, argument := range arguments {
		parameter := function.VariadicParameter
		if i < len(function.Parameters) {
			parameter = function.Parameters[i]
		}
		if parameter == nil {
			d.t.Fatalf("%s takes %d arguments", name, len(function.Parameters))
		}
		value, err := toValue(parameter.Type, argument)
		d.must("turn plain values into an argument", err)
		if value.IsNull() && !parameter.AllowNullValue {
			return nil, &FunctionError{Text: "argument must not be null", Argument: int64(i)}
		}
		unknown = unknown || !value.IsFullyKnown() && !parameter.AllowUnknownValues
		dynamic, err := tfprotov6.NewDynamicValue(parameter.Type, value)
		d.must("encode an argument", err)
		encoded[i] = &dynamic
	}
	if unknown {
		return Unknown, nil
	}
	answer, err := d.server.CallFunction(ctx, &tfprotov6.CallFunctionRequest{Name: name, Arguments: encoded})
	d.must("CallFunction", err)
	if answer.Error != nil {
		refused := &FunctionError{Text: answer.Error.Text, Argument: -1}
		if answer.Error.FunctionArgument != nil {
			refused.Argument = *answer.Error.FunctionArgument
		}
		return nil, refused
	}
	value, err := answer.Result.Unmarshal(function.Return.Type)
	d.must("decode a result", err)
	return fromValue(value), nil
}

// Query is what a list resource is asked, beside its configuration.
type Query struct {
	// IncludeResource asks for whole resources and not only their identities.
	IncludeResource bool
	// Limit is how many results Terraform expects; 0 for any number.
	Limit int64
	// Take ends the listing after so many results, as when Terraform is
	// interrupted; 0 takes all.
	Take int
}

// Found is one result of a list resource.
type Found struct {
	DisplayName string
	// Identity and Attributes are nil when the result has none.
	Identity, Attributes map[string]any
	Diagnostics          Diagnostics
}

// List validates the configuration of a list resource and returns its results.
// A configuration that is refused is one result with diagnostics.
func (d *Driver) List(ctx context.Context, typeName string, config map[string]any, query Query) []Found {
	d.t.Helper()
	schema := named(d, "list resource", typeName, d.schema.ListResourceSchemas)
	server, ok := d.server.(tfprotov6.ListResourceServer)
	if !ok {
		d.t.Fatalf("the provider's server knows no list resources")
	}
	encoded := d.encode(d.value(schema, config))
	validated, err := server.ValidateListResourceConfig(ctx, &tfprotov6.ValidateListResourceConfigRequest{
		TypeName: typeName, Config: encoded,
		IncludeResourceObject: d.encode(tftypes.NewValue(tftypes.Bool, query.IncludeResource)), Limit: d.encode(tftypes.NewValue(tftypes.Number, query.Limit)),
	})
	d.must("ValidateListResourceConfig", err)
	if diags := diagnostics(validated.Diagnostics); diags.HasError() {
		return []Found{{Diagnostics: diags}}
	}
	stream, err := server.ListResource(ctx, &tfprotov6.ListResourceRequest{
		TypeName: typeName, Config: encoded, IncludeResource: query.IncludeResource, Limit: query.Limit,
	})
	d.must("ListResource", err)
	var results []Found
	for result := range stream.Results {
		one := Found{DisplayName: result.DisplayName, Identity: d.identityValues(typeName, result.Identity), Diagnostics: diagnostics(result.Diagnostics)}
		if result.Resource != nil {
			one.Attributes = attributes(d.decode(d.resourceSchema(typeName), result.Resource))
		}
		results = append(results, one)
		if len(results) == query.Take {
			break
		}
	}
	return results
}
