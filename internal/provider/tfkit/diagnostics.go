package tfkit

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/appypie-community/terraform-provider-appypie/internal/auth"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
	"github.com/appypie-community/terraform-provider-appypie/internal/wire"
)

// Every diagnostic of the provider is made here. A finding of the provider has the
// register's title for its summary; then come the facts of the case, the next step,
// the attribute to blame, and the code under which the troubleshooting page has it.

// Next is the next step of one case, for a finding whose case knows better than the
// register what to do. It takes the place of the register's fix.
type Next string

// Error adds an error that the provider found itself. The facts are sentences
// about this case that neither title nor fix has.
func Error(diags *diag.Diagnostics, code errcode.Code, facts string, next ...Next) {
	diags.AddError(code.Title(), coded(code, advised(code, facts, next)))
}

// AttributeError is Error pointing at the attribute to blame.
func AttributeError(diags *diag.Diagnostics, code errcode.Code, at path.Path, facts string, next ...Next) {
	diags.Append(AttributeErrorDiagnostic(code, at, facts, next...))
}

// AttributeErrorDiagnostic is the diagnostic that AttributeError adds.
func AttributeErrorDiagnostic(code errcode.Code, at path.Path, facts string, next ...Next) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(at, code.Title(), coded(code, located(at, advised(code, facts, next))))
}

// Warning adds a warning.
func Warning(diags *diag.Diagnostics, code errcode.Code, facts string, next ...Next) {
	diags.AddWarning(code.Title(), coded(code, advised(code, facts, next)))
}

// AttributeWarning is Warning pointing at the attribute that it is about.
func AttributeWarning(diags *diag.Diagnostics, code errcode.Code, at path.Path, facts string, next ...Next) {
	diags.AddAttributeWarning(at, code.Title(), coded(code, located(at, advised(code, facts, next))))
}

// advised ends the facts of a case with the next step.
func advised(code errcode.Code, facts string, next []Next) string {
	if len(next) > 0 {
		return facts + "\n\n" + string(next[0])
	}
	return facts + "\n\n" + code.Fix()
}

// AddError adds one diagnostic for a failed call: what was being done, what
// went wrong, and the next step to take.
func AddError(diags *diag.Diagnostics, summary string, err error) {
	diags.Append(ErrorDiagnostic(summary, err))
}

// AddAttributeError is AddError pointing at the attribute to blame.
func AddAttributeError(diags *diag.Diagnostics, at path.Path, summary string, err error) {
	diags.Append(diag.NewAttributeErrorDiagnostic(at, summary, coded(codeOf(err), located(at, explained(err)))))
}

// ErrorDiagnostic renders an error with the step that helps against its kind.
func ErrorDiagnostic(summary string, err error) diag.Diagnostic {
	return diag.NewErrorDiagnostic(summary, coded(codeOf(err), explained(err)))
}

// located ends a message with the path of its attribute, because Terraform points
// at the first line of a block for whatever is nested in it.
func located(at path.Path, detail string) string {
	if len(at.Steps()) == 0 {
		return detail
	}
	return detail + "\n\nAttribute: " + at.String()
}

// explained is an error with its next step, and with what becomes of the resource
// where that is known.
func explained(err error) string {
	if shared, ok := errors.AsType[*sharedError](err); ok && shared.said.before(shared.Error()) {
		return "The same as in the first message: " + strings.TrimRight(firstLine(Sentence(shared.error)), ".") + "."
	}
	detail := Sentence(err) + "\n\n" + NextStep(err)
	if consequence, ok := errors.AsType[*consequenceError](err); ok {
		detail += "\n\n" + consequence.text
	}
	return detail
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// consequenceError is an error that says what Terraform does next.
type consequenceError struct {
	error

	text string
}

func (e *consequenceError) Unwrap() error { return e.error }

// WithConsequence adds what Terraform does next to the diagnostic of an error.
func WithConsequence(err error, text string) error { return &consequenceError{err, text} }

// nextError is an error whose case knows better than the register what to do.
type nextError struct {
	error

	next Next
}

func (e *nextError) Unwrap() error { return e.error }

// WithNext gives the diagnostic of an error another next step than that of its code.
func WithNext(err error, next Next) error { return &nextError{err, next} }

// AsWarnings turns errors into warnings. They keep their codes.
func AsWarnings(diags diag.Diagnostics) diag.Diagnostics {
	var warnings diag.Diagnostics
	for _, d := range diags {
		if at, ok := d.(diag.DiagnosticWithPath); ok {
			warnings.AddAttributeWarning(at.Path(), d.Summary(), d.Detail())
		} else {
			warnings.AddWarning(d.Summary(), d.Detail())
		}
	}
	return warnings
}

// Demoted turns what validation found into warnings where the provider says so.
func Demoted(provider *ProviderData, diags diag.Diagnostics) diag.Diagnostics {
	if provider.OptionValidation == ValidationWarn {
		return AsWarnings(diags)
	}
	return diags
}

// ArgumentError refuses an argument of a function. Terraform sets a period
// behind the text, so the address stands in parentheses.
func ArgumentError(argument int64, text string) *function.FuncError {
	return function.NewArgumentFuncError(argument, text+" ("+errcode.InvalidArgument.Line()+")")
}

func coded(code errcode.Code, detail string) string { return detail + "\n\n" + code.Line() }

// codeOf is the code of a failed call. What is of no kind happened while the
// service was being talked to.
func codeOf(err error) errcode.Code {
	if code, ok := errcode.Of(err); ok {
		return code
	}
	return errcode.ServiceFault
}

// Sentence is the error as a sentence of its own.
func Sentence(err error) string {
	text := err.Error()

	// What was to be done with a token that is not there is of no interest.
	if authErr, ok := errors.AsType[*auth.Error](err); ok {
		text = authErr.Error()
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

// NextStep says what a user can do about an error: what the error itself
// knows, or else the fix of its code.
func NextStep(err error) string {
	if known, ok := errors.AsType[*nextError](err); ok {
		return string(known.next)
	}
	code := codeOf(err)
	next := code.FixFor(err)
	if apiErr, ok := errors.AsType[*connectapi.APIError](err); ok {
		switch {
		case apiErr.Misread:
			return "If the service answers in another form, describe it at that member in a dialect file. The guide \"Fit the provider to your service\" shows how. Else check api_url and any proxy in between."
		// A lookup has nothing in it that a configuration could correct.
		case code == errcode.Refused && connectapi.OperationOf(apiErr.Operation).Effect == connectapi.Reads && assumedHint(err) != "":
			return assumedHint(err)
		}
	}
	if code == errcode.Unreachable || code == errcode.UnexpectedAnswer {
		next += unreachableHint(err)
	}
	if code == errcode.NotFound || code == errcode.UnexpectedAnswer {
		return strings.TrimSpace(next + " " + assumedHint(err))
	}
	return next
}

// assumedHint tells when the operation's path is only assumed: the service may
// answer elsewhere.
func assumedHint(err error) string {
	apiErr, ok := errors.AsType[*connectapi.APIError](err)
	if !ok || connectapi.OperationOf(apiErr.Operation).Documented() {
		return ""
	}
	return fmt.Sprintf("The public reference does not state the method and path of %s, so %s %s is an assumption. If the service answers elsewhere, set endpoints = { %s = \"METHOD /path\" } in the provider block; if it answers in another form, describe that in a dialect file.",
		apiErr.Operation, apiErr.Method, apiErr.Path, apiErr.Operation)
}

// unreachableHint asks whether the simulator runs where nobody listens on this
// machine, and names the cause where http and https are mixed up.
func unreachableHint(err error) string {
	const simulator = " Does the simulator run? `appypie simulator` starts it and prints the settings."
	transport, ok := errors.AsType[*connectapi.TransportError](err)
	if !ok {
		return ""
	}
	host, _, splitErr := net.SplitHostPort(transport.Host)
	if splitErr != nil {
		host = transport.Host
	}
	_, plain := errors.AsType[tls.RecordHeaderError](err)
	hint := ""
	if plain || strings.Contains(err.Error(), "server gave HTTP response to HTTPS client") {
		hint = " The address begins with https, and a server without TLS answers there: use http, which is allowed on this machine only."
	}
	if wire.IsLoopback(host) {
		hint += strings.ReplaceAll(simulator, "`", "")
	}
	return hint
}
