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
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

func TestErrorDiagnosticNamesTheNextStep(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		err  error
		code errcode.Code
		want string
	}{
		"a login that ended": {
			&auth.Error{Kinds: []error{auth.ErrLoginRequired}, Summary: "the login has ended", Profile: "work", Unspent: true, Err: errors.New("refused")},
			errcode.LoginRequired, "The login has ended: refused; the refresh token was not spent.\n\nRun appypie login --profile work.",
		},
		"a setting of the provider": {&auth.ConfigError{Attribute: "client_secret", Summary: "missing", Detail: "set it"}, errcode.InvalidSetting, "client_secret: missing: set it.\n\nCorrect the setting"},
		"a step that is not there":  {&connectapi.StepNotFoundError{Wanted: "action 3", Actions: 2}, errcode.StepNotFound, "Set position"},
		"masked options":            {&connectapi.MaskedOptionsError{Keys: []string{"signing_secret"}}, errcode.MaskedOptions, "secrets_wo"},
		"a failed test":             {&connectapi.TestFailedError{Failed: []connectapi.StepResult{{StepID: "s1", Message: "no"}}}, errcode.TestFailed, "run_test = false"},
		"a switch that stays":       {fmt.Errorf("turn on: %w", connectapi.ErrNotTaken), errcode.SwitchNotTaken, "Apply again."},
		"a timeout":                 {fmt.Errorf("turn on: %w", context.DeadlineExceeded), errcode.TimedOut, "timeouts"},
		"an interrupt":              {fmt.Errorf("turn on: %w", context.Canceled), errcode.Interrupted, "interrupted"},
		"refused credentials":       {apiError(dialect.ListConnects, connectapi.ErrUnauthorized), errcode.Unauthorized, "refresh token"},
		"no permission":             {apiError(dialect.ListConnects, connectapi.ErrForbidden), errcode.Forbidden, "scope *"},
		"too many requests":         {apiError(dialect.ListConnects, connectapi.ErrRateLimited), errcode.RateLimited, "max_requests_per_second"},
		"a refused request":         {apiError(dialect.EditTriggerOptions, connectapi.ErrInvalid), errcode.Refused, "Correct the configuration"},
		"no answer":                 {&connectapi.TransportError{Operation: dialect.ListApps, Host: "h", Err: errors.New("refused")}, errcode.Unreachable, "HTTPS_PROXY"},
		"a fault of the service":    {apiError(dialect.ListConnects, nil), errcode.ServiceFault, "run again later"},
		"several new connects": {
			&connectapi.AmbiguousCreateError{Name: "n", IDs: []string{"c1", "c2"}}, errcode.AmbiguousCreate,
			"the address of this resource: terraform import ADDRESS c1, or terraform import ADDRESS c2",
		},
		"a case that knows better": {tfkit.WithNext(context.Canceled, "Run the action again."), errcode.Interrupted, "Context canceled.\n\nRun the action again.\n\nAP"},
		"an error of no kind":      {errors.New("encode"), errcode.ServiceFault, "run again later"},
	}

	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			detail := tfkit.ErrorDiagnostic("Cannot do it", test.err).Detail()
			if !strings.Contains(detail, test.want) {
				t.Errorf("detail %q lacks %q", detail, test.want)
			}
			if !strings.HasSuffix(detail, "\n\n"+test.code.Line()) {
				t.Errorf("detail %q does not end with %s", detail, test.code)
			}
			if strings.Contains(detail, "`") {
				t.Errorf("detail %q has markup, which a terminal does not show", detail)
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
		"an assumed path that is not found":      {apiError(dialect.GetApp, connectapi.ErrNotFound), true},
		"an assumed path that answers oddly":     {apiError(dialect.ListConnects, connectapi.ErrUnexpectedAnswer), true},
		"a documented path that is not found":    {apiError(dialect.GetAction, connectapi.ErrNotFound), false},
		"an assumed path that refuses":           {apiError(dialect.GetApp, connectapi.ErrForbidden), false},
		"an object that a listing does not have": {fmt.Errorf("connect c1: %w", connectapi.ErrNotFound), false},
		"a path that the reference lacks":        {apiError(dialect.GetConnect, connectapi.ErrNotFound), true},
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
	err := apiError(dialect.GetApp, connectapi.ErrNotFound)
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

// Whatever is found, and however it is pointed at, it ends with its code.
func TestFindingsEndWithTheirCode(t *testing.T) {
	t.Parallel()
	var diags diag.Diagnostics
	at := path.Root("options")

	tfkit.Error(&diags, errcode.OptionUnknown, "Detail.")
	tfkit.AttributeError(&diags, errcode.OptionUnknown, at, "Detail.")
	tfkit.Warning(&diags, errcode.OptionUnknown, "Detail.")
	tfkit.AttributeWarning(&diags, errcode.OptionUnknown, at, "Detail.")
	if diags.ErrorsCount() != 2 || diags.WarningsCount() != 2 {
		t.Fatalf("diagnostics %v, want two errors and two warnings", diags)
	}

	for i, want := range []path.Path{path.Empty(), at, path.Empty(), at} {
		assertDiagnostic(t, diags[i], want, "Unknown option")
		text := "Detail.\n\n" + errcode.OptionUnknown.Fix() + "\n\n"
		if len(want.Steps()) > 0 {
			text += "Attribute: options\n\n"
		}
		if got := diags[i].Detail(); got != text+errcode.OptionUnknown.Line() {
			t.Errorf("detail %q", got)
		}
	}
	next := tfkit.AttributeErrorDiagnostic(errcode.OptionUnknown, at, "Detail.", tfkit.Next("Do this."))
	if want := "Detail.\n\nDo this.\n\nAttribute: options\n\n" + errcode.OptionUnknown.Line(); next.Detail() != want {
		t.Errorf("with a next step of its own the detail is %q", next.Detail())
	}
	warnings := tfkit.AsWarnings(diags)
	if warnings.HasError() || warnings.WarningsCount() != 2 {
		t.Errorf("as warnings, equal ones once: %v", warnings)
	}
	refused := tfkit.ArgumentError(1, "the client id is empty")
	if want := "the client id is empty (" + errcode.InvalidArgument.Line() + ")"; refused.Text != want || *refused.FunctionArgument != 1 {
		t.Errorf("the argument error is %v", refused)
	}
}

func apiError(op dialect.Operation, kind error) error {
	return fmt.Errorf("while reading: %w", &connectapi.APIError{
		Operation: op, Method: "GET", Path: "/x", Status: 418, Message: "no", RequestID: "r-1", Kind: kind,
	})
}
