package token

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

const (
	// authorizationPage is where a person lets a client in (documented:
	// "build-authorization-url").
	authorizationPage = "https://connectcloud.appypie.com/oAuth/authorize"
	// everyScope is the scope that the reference advises.
	everyScope = "*"
)

// The positions of the arguments, for errors that point at them.
const (
	clientIDArgument = iota
	redirectArgument
	optionsArgument
)

type authorizationURLFunction struct{}

// NewAuthorizationURLFunction returns the function authorization_url.
func NewAuthorizationURLFunction() function.Function { return authorizationURLFunction{} }

// Metadata implements function.Function.
func (authorizationURLFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "authorization_url"
}

// Definition implements function.Function.
func (authorizationURLFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "The address where a person lets a client in.",
		MarkdownDescription: "Builds the address of the authorization page, which a person opens in a browser to let a client in.\n\n" +
			"The browser comes back to the redirect address with a code, which `parse_callback` reads and the client exchanges for tokens. `appypie login` does all of that by itself. " +
			"The parameters of the page are documented (`build-authorization-url`), `state` and the code challenge are standard OAuth and assumed.\n\nCalls nothing.",
		Parameters: []function.Parameter{
			function.StringParameter{Name: "client_id", MarkdownDescription: "Id of the client, from the service's developer page."},
			function.StringParameter{Name: "redirect_uri", MarkdownDescription: "Address that the browser is sent back to, as it is registered for the client."},
		},
		VariadicParameter: function.DynamicParameter{
			Name: "options",
			MarkdownDescription: "An object; all its attributes are optional: `state`, a text that comes back as it is and shows that the answer belongs to this request; " +
				"`scopes`, a list of texts (default `[\"*\"]`); `code_challenge`, an S256 challenge for PKCE; " +
				"`page`, the address of the authorization page (default `" + authorizationPage + "`).",
		},
		Return: function.StringReturn{},
	}
}

// authorizationOptions are what the options argument may hold.
type authorizationOptions struct {
	state, codeChallenge, page string
	scopes                     []string
}

// Run implements function.Function.
func (authorizationURLFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var (
		clientID, redirect string
		given              []types.Dynamic
	)
	if resp.Error = req.Arguments.Get(ctx, &clientID, &redirect, &given); resp.Error != nil {
		return
	}
	if clientID == "" {
		resp.Error = tfkit.ArgumentError(clientIDArgument, "the client id is empty; the service's developer page shows it")
		return
	}
	if u, err := url.Parse(redirect); err != nil || u.Scheme == "" || u.Host == "" || u.Fragment != "" {
		resp.Error = tfkit.ArgumentError(redirectArgument, "the redirect address must be a whole address without a fragment, such as http://127.0.0.1:8085/callback, as it is registered for the client")
		return
	}
	options, funcErr := readOptions(given)
	if funcErr != nil {
		resp.Error = funcErr
		return
	}
	resp.Error = resp.Result.Set(ctx, options.link(clientID, redirect))
}

func (o *authorizationOptions) link(clientID, redirect string) string {
	query := url.Values{
		"client_id": {clientID}, "redirect_uri": {redirect}, "response_type": {"code"}, "scope": {strings.Join(o.scopes, " ")},
	}
	if o.state != "" {
		query.Set("state", o.state)
	}
	if o.codeChallenge != "" {
		query.Set("code_challenge", o.codeChallenge)
		query.Set("code_challenge_method", "S256")
	}
	return o.page + "?" + query.Encode()
}

func readOptions(given []types.Dynamic) (*authorizationOptions, *function.FuncError) {
	options := &authorizationOptions{page: authorizationPage, scopes: []string{everyScope}}
	if len(given) == 0 {
		return options, nil
	}
	if len(given) > 1 {
		return options, tfkit.ArgumentError(optionsArgument+1, "give all options as one object")
	}
	members, ok := membersOf(given[0].UnderlyingValue())
	if !ok {
		return options, tfkit.ArgumentError(optionsArgument, `the options must be an object, such as { state = "…" }`)
	}

	for _, name := range slices.Sorted(maps.Keys(members)) {
		if members[name].IsNull() {
			continue
		}
		if problem := options.set(name, members[name]); problem != "" {
			return options, tfkit.ArgumentError(optionsArgument, problem)
		}
	}
	return options, nil
}

// set takes one option and returns what is wrong with it.
func (o *authorizationOptions) set(name string, value attr.Value) string {
	if dynamic, ok := value.(types.Dynamic); ok {
		value = dynamic.UnderlyingValue()
	}
	text, isText := value.(types.String)

	switch name {
	case "scopes":
		scopes, ok := textsOf(value)
		if !ok || len(scopes) == 0 {
			return "scopes must be a list of texts with at least one in it, none of them with a space"
		}
		o.scopes = scopes
	case "state", "code_challenge", "page":
		if !isText || text.ValueString() == "" {
			return name + " must be a text that is not empty"
		}
		return o.setText(name, text.ValueString())
	default:
		return fmt.Sprintf("there is no option %q; the options are code_challenge, page, scopes and state", name)
	}
	return ""
}

func (o *authorizationOptions) setText(name, text string) string {
	switch name {
	case "state":
		o.state = text
	case "code_challenge":
		o.codeChallenge = text
	default:
		u, err := url.Parse(text)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
			return "page must be a whole address without a query and a fragment, such as " + authorizationPage
		}
		o.page = text
	}
	return ""
}

// membersOf reads an object or a map.
func membersOf(value attr.Value) (map[string]attr.Value, bool) {
	switch v := value.(type) {
	case types.Object:
		return v.Attributes(), true
	case types.Map:
		return v.Elements(), true
	default:
		return nil, false
	}
}

// textsOf reads a list, a set or a tuple of scopes.
func textsOf(value attr.Value) ([]string, bool) {
	with, ok := value.(interface{ Elements() []attr.Value })
	if !ok {
		return nil, false
	}
	var texts []string

	for _, element := range with.Elements() {
		text, ok := element.(types.String)
		if !ok || text.IsNull() || text.ValueString() == "" || strings.Contains(text.ValueString(), " ") {
			return nil, false
		}
		texts = append(texts, text.ValueString())
	}
	return texts, true
}
