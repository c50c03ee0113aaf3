package tfkit

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/appypie-community/terraform-provider-appypie/internal/auth"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
)

// AddError adds one diagnostic for a failed call: what was being done, what
// went wrong, and the next step to take.
func AddError(diags *diag.Diagnostics, summary string, err error) {
	diags.Append(ErrorDiagnostic(summary, err))
}

// AddAttributeError is AddError pointing at the attribute to blame.
func AddAttributeError(diags *diag.Diagnostics, at path.Path, summary string, err error) {
	diags.Append(diag.WithPath(at, ErrorDiagnostic(summary, err)))
}

// ErrorDiagnostic renders an error with the step that helps against its kind.
func ErrorDiagnostic(summary string, err error) diag.Diagnostic {
	return diag.NewErrorDiagnostic(summary, Sentence(err)+"\n\n"+NextStep(err))
}

// Sentence is the error as a sentence of its own.
func Sentence(err error) string {
	text := err.Error()

	// The errors of the auth package carry their next step themselves.
	if authErr, ok := errors.AsType[*auth.Error](err); ok {
		text = authErr.Summary
		if authErr.Err != nil {
			text += ": " + authErr.Err.Error()
		}
	}

	return capitalized(strings.TrimRight(text, ".")) + "."
}

// capitalized makes a sentence of an error text, unless it begins with the
// name of an operation or an attribute, which must read as it is written.
func capitalized(text string) string {
	first, _, _ := strings.Cut(text, " ")
	if strings.Contains(first, "_") {
		return text
	}

	r, size := utf8.DecodeRuneInString(text)

	return string(unicode.ToUpper(r)) + text[size:]
}

// NextStep says what a user can do about an error.
func NextStep(err error) string {
	if authErr, ok := errors.AsType[*auth.Error](err); ok && authErr.Next != "" {
		return capitalized(strings.TrimRight(authErr.Next, ".")) + "."
	}

	if configErr, ok := errors.AsType[*auth.ConfigError](err); ok {
		return "Correct " + configErr.Attribute + " in the provider block."
	}

	var (
		notFound *connectapi.StepNotFoundError
		masked   *connectapi.MaskedOptionsError
		failed   *connectapi.TestFailedError
		several  *connectapi.AmbiguousCreateError
	)

	switch {
	case errors.As(err, &notFound):
		return "Set step_id to one of the listed actions, or correct the number of actions; the steps attribute of the connect shows them all."
	case errors.As(err, &masked):
		return "Nothing was written. Give their values in secret_options_wo, or set them to \"\" in options to clear them."
	case errors.As(err, &failed):
		return "Correct the options or the account of that step and apply again, or set run_test = false to turn the connect on untested."
	case errors.As(err, &several):
		return "Nothing was created again. Decide which of them this resource is, delete the others in the service, and import it with the address of this resource: terraform import ADDRESS " +
			strings.Join(several.IDs, ", or terraform import ADDRESS ")
	case errors.Is(err, connectapi.ErrNotTaken):
		return "Apply again. If it stays so, look at the connect in the service: it may show why it does not switch."
	case errors.Is(err, context.DeadlineExceeded):
		return "Raise the timeouts of the resource or request_timeout of the provider, or try again when the service is faster."
	case errors.Is(err, context.Canceled):
		return "The run was interrupted. Apply again to finish."
	}

	return nextStepOfKind(err)
}

func nextStepOfKind(err error) string {
	switch {
	case errors.Is(err, connectapi.ErrUnauthorized):
		return "Check the credentials in the provider block or the APPYPIE_* environment: log in again for a new refresh token, and set token_key and secret_key if your plan needs a platform key."
	case errors.Is(err, connectapi.ErrForbidden):
		return "The login lacks this permission. Authorize again with scope * as a user who may do this."
	case errors.Is(err, connectapi.ErrNotFound):
		return strings.TrimSpace("Check the id or the name that was asked for. " + assumedHint(err))
	case errors.Is(err, connectapi.ErrRateLimited):
		return "Set max_requests_per_second in the provider block to stay below the service's limit, or apply with a lower -parallelism."
	case errors.Is(err, connectapi.ErrUnexpectedAnswer):
		return strings.TrimSpace("Check api_url and any proxy in between. " + assumedHint(err))
	case errors.Is(err, connectapi.ErrUnreachable):
		return "Check api_url, the network, the proxy settings (HTTPS_PROXY) and ca_certificate_file."
	case errors.Is(err, connectapi.ErrInvalid):
		return "Correct the configuration as the message says and apply again."
	default:
		return "The service failed on its side. Apply again later; nothing is lost."
	}
}

// assumedHint tells when the operation's path is only assumed: the service may
// answer elsewhere.
func assumedHint(err error) string {
	apiErr, ok := errors.AsType[*connectapi.APIError](err)
	if !ok || !connectapi.Assumed(apiErr.Operation) {
		return ""
	}

	return fmt.Sprintf("The public reference does not state the method and path of %s, so %s %s is an assumption; if the service answers elsewhere, set endpoints = { %s = \"METHOD /path\" } in the provider block.",
		apiErr.Operation, apiErr.Method, apiErr.Path, apiErr.Operation)
}
