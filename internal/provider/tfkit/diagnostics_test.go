package tfkit_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/appypie-community/terraform-provider-appypie/internal/auth"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

func TestErrorDiagnosticNamesTheNextStep(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		err  error
		want string
	}{
		"a login that ended": {
			&auth.Error{Kinds: []error{auth.ErrLoginRequired}, Summary: "the login has ended", Next: "run appypie login --profile default"},
			"The login has ended.\n\nRun appypie login --profile default.",
		},
		"a setting of the provider": {&auth.ConfigError{Attribute: "client_secret", Summary: "missing", Detail: "set it"}, "Correct client_secret in the provider block."},
		"a step that is not there":  {&connectapi.StepNotFoundError{Wanted: "action 3", Actions: []string{"a1", "a2"}}, "Set step_id"},
		"masked options":            {&connectapi.MaskedOptionsError{Keys: []string{"signing_secret"}}, "secret_options_wo"},
		"a failed test":             {&connectapi.TestFailedError{Failed: []connectapi.StepResult{{StepID: "s1", Message: "no"}}}, "run_test = false"},
		"a switch that stays":       {fmt.Errorf("turn on: %w", connectapi.ErrNotTaken), "Apply again."},
		"a timeout":                 {fmt.Errorf("turn on: %w", context.DeadlineExceeded), "timeouts"},
		"an interrupt":              {fmt.Errorf("turn on: %w", context.Canceled), "interrupted"},
		"refused credentials":       {apiError(connectapi.ListConnects, connectapi.ErrUnauthorized), "refresh token"},
		"no permission":             {apiError(connectapi.ListConnects, connectapi.ErrForbidden), "scope *"},
		"too many requests":         {apiError(connectapi.ListConnects, connectapi.ErrRateLimited), "max_requests_per_second"},
		"a refused request":         {apiError(connectapi.EditTriggerOptions, connectapi.ErrInvalid), "Correct the configuration"},
		"no answer":                 {&connectapi.TransportError{Operation: connectapi.ListApps, Host: "h", Err: errors.New("refused")}, "HTTPS_PROXY"},
		"a fault of the service":    {apiError(connectapi.ListConnects, nil), "Apply again later"},
	}

	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			detail := tfkit.ErrorDiagnostic("Cannot do it", test.err).Detail()
			if !strings.Contains(detail, test.want) {
				t.Errorf("detail %q lacks %q", detail, test.want)
			}
		})
	}
}

func TestErrorDiagnosticAdmitsAssumptions(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		err  error
		want bool
	}{
		"an assumed path that is not found":       {apiError(connectapi.GetApp, connectapi.ErrNotFound), true},
		"an assumed path that answers oddly":      {apiError(connectapi.ListConnects, connectapi.ErrUnexpectedAnswer), true},
		"a documented path that is not found":     {apiError(connectapi.GetAction, connectapi.ErrNotFound), false},
		"an assumed path that refuses":            {apiError(connectapi.GetApp, connectapi.ErrForbidden), false},
		"an object that a listing does not have":  {fmt.Errorf("connect c1: %w", connectapi.ErrNotFound), false},
		"an operation that the table has no more": {apiError("get_weather", connectapi.ErrNotFound), false},
	}

	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			detail := tfkit.ErrorDiagnostic("Cannot do it", test.err).Detail()
			if got := strings.Contains(detail, "endpoints = {"); got != test.want {
				t.Errorf("the override is offered: %t, want %t; detail %q", got, test.want, detail)
			}
		})
	}
}

func TestAddErrorAndAddAttributeError(t *testing.T) {
	t.Parallel()

	err := apiError(connectapi.GetApp, connectapi.ErrNotFound)

	var diags diag.Diagnostics

	tfkit.AddError(&diags, "Cannot read", err)
	tfkit.AddAttributeError(&diags, path.Root("id"), "Cannot read", err)

	if diags.ErrorsCount() != 2 {
		t.Fatalf("diagnostics %v, want two errors", diags)
	}

	// What a user reports to the service is in the text: operation and request id.
	assertDiagnostic(t, diags[0], path.Empty(), "Cannot read", "get_app (GET /x) answered HTTP 418", "request id r-1", "Check the id or the name")
	assertDiagnostic(t, diags[1], path.Root("id"), "Cannot read", "request id r-1")
}

func apiError(op connectapi.OperationName, kind error) error {
	return fmt.Errorf("while reading: %w", &connectapi.APIError{
		Operation: op, Method: "GET", Path: "/x", Status: 418, Message: "no", RequestID: "r-1", Kind: kind,
	})
}
