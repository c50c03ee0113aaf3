package tfkit

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// ReadDataSource is the frame of every data source's Read. Complete gets the
// model of the configuration and fills it with what the service says; when it
// adds an error, nothing is stored.
func ReadDataSource[M any](ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse, complete func(*M, *diag.Diagnostics)) {
	var model M
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	complete(&model, &resp.Diagnostics)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
	}
}

// ComputedString is an attribute that only the service sets.
func ComputedString(description string) schema.StringAttribute {
	return schema.StringAttribute{Computed: true, MarkdownDescription: description}
}

// LookupString is an attribute to look an object up by, which the service sets
// when the lookup goes another way.
func LookupString(description string, validators ...validator.String) schema.StringAttribute {
	return schema.StringAttribute{Optional: true, Computed: true, MarkdownDescription: description, Validators: validators}
}

// FilterString is an attribute that narrows what a data source returns.
func FilterString(description string, validators ...validator.String) schema.StringAttribute {
	return schema.StringAttribute{Optional: true, MarkdownDescription: description, Validators: validators}
}

// LookupBy is a Lookup of the objects that have the wanted text in one
// attribute. Same compares the texts, such as strings.EqualFold.
func LookupBy[T any](kind, attribute, wanted string, text func(T) string, same func(a, b string) bool, describe func(T) string) Lookup[T] {
	return Lookup[T]{
		Kind:     kind,
		Filter:   fmt.Sprintf("%s %q", attribute, wanted),
		At:       path.Root(attribute),
		Match:    func(candidate T) bool { return same(text(candidate), wanted) },
		Describe: describe,
		Wanted:   wanted,
		Name:     text,
	}
}

// Exactly compares two texts byte by byte.
func Exactly(a, b string) bool { return a == b }
