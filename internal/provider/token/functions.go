package token

import "github.com/hashicorp/terraform-plugin-framework/function"

// Functions lists the functions around the authorization URL.
func Functions() []func() function.Function {
	return []func() function.Function{NewAuthorizationURLFunction, NewParseCallbackFunction}
}
