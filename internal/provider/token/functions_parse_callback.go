package token

import (
	"context"
	"net/url"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

type parseCallbackFunction struct{}

// NewParseCallbackFunction returns the function parse_callback.
func NewParseCallbackFunction() function.Function { return parseCallbackFunction{} }

// Metadata implements function.Function.
func (parseCallbackFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "parse_callback"
}

// callbackParameters are what the service sends a browser back with: those of
// OAuth, and t for a connected account (documented: "connect-account").
func callbackParameters() map[string]attr.Type {
	return map[string]attr.Type{
		"code": types.StringType, "state": types.StringType, "error": types.StringType, "error_description": types.StringType, "t": types.StringType,
	}
}

// Definition implements function.Function.
func (parseCallbackFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "What a redirect address brought back.",
		MarkdownDescription: "Reads the address that a browser was sent back to, of a login or of connecting an account.\n\nEach attribute of the result is null when the address does not have it: " +
			"`code` of a login that was allowed, `state` as it was sent, `error` and `error_description` of one that was refused, and `t`, the token for `callback_token` of `appypie_connected_account`. " +
			"A code and a token are secrets: pass them in sensitive or ephemeral variables.\n\nCalls nothing.",
		Parameters: []function.Parameter{
			function.StringParameter{Name: "url", MarkdownDescription: "The whole address, as the browser shows it. Space around it is ignored."},
		},
		Return: function.ObjectReturn{AttributeTypes: callbackParameters()},
	}
}

// Run implements function.Function. No error quotes the address: it may hold a
// code that still works.
func (parseCallbackFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var pasted string
	if resp.Error = req.Arguments.Get(ctx, &pasted); resp.Error != nil {
		return
	}
	u, err := url.Parse(strings.TrimSpace(pasted))
	if err != nil || u.Scheme == "" || u.Host == "" {
		resp.Error = tfkit.ArgumentError(0, "this is no address; paste the whole address that the browser was sent back to, with http:// or https:// in front")
		return
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		resp.Error = tfkit.ArgumentError(0, "the address is damaged; copy it whole, as the browser shows it")
		return
	}
	values := make(map[string]attr.Value)

	for name := range callbackParameters() {
		switch given := query[name]; len(given) {
		case 0:
			values[name] = types.StringNull()
		case 1:
			values[name] = types.StringValue(given[0])
		default:
			resp.Error = tfkit.ArgumentError(0, "the address has "+name+" more than once, which no answer of the service has; do not use it")
			return
		}
	}
	resp.Error = resp.Result.Set(ctx, types.ObjectValueMust(callbackParameters(), values))
}
