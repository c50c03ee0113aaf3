package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/auth"
	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
)

// Whatever ends a command says where it is explained.
func TestErrorsEndWithTheirCode(t *testing.T) {
	t.Parallel()
	refused := func(b *bench) { b.vars["APPYPIE_ACCESS_TOKEN"] = "refused" }
	tests := map[string]struct {
		args []string
		set  func(*bench)
		want errcode.Code
	}{
		"a call that means nothing":      {args: []string{"status", "--jsn"}, want: errcode.Usage},
		"no login":                       {args: []string{"token"}, want: errcode.LoginRequired},
		"a profile that is no name":      {args: []string{"login", "--profile", "a b"}, want: errcode.InvalidSetting},
		"a file that is not there":       {args: []string{"login", "--client-secret-file", "/nonexistent"}, want: errcode.LocalFault},
		"a variable that cannot be read": {args: []string{"status"}, set: func(b *bench) { b.vars["APPYPIE_ENDPOINTS"] = "{" }, want: errcode.VariableMalformed},
		"credentials that are refused":   {args: []string{"accounts", "connect", "slack"}, set: refused, want: errcode.TokenRejected},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			if test.set != nil {
				test.set(b)
			}
			r := b.run(test.args...)
			if r.err == nil || !strings.HasSuffix(explain(r.err), "\n"+test.want.Line()) {
				t.Errorf("the error is %v with the code %s, want %s", r.err, codeOf(r.err), test.want)
			}
		})
	}
}

func TestExplain(t *testing.T) {
	t.Parallel()
	for want, err := range map[string]error{
		"interrupted\n" + errcode.Interrupted.Line():                             fmt.Errorf("list the apps: %w", context.Canceled),
		"disk full\n" + errcode.LocalFault.Line():                                errors.New("disk full"),
		"taken: page\nChoose another --port.\n" + errcode.NoWayBack.Line():       errcode.Errorf(errcode.NoWayBack, "taken: %w", &auth.Error{Kinds: []error{auth.ErrEndpoint}, Summary: "page"}),
		"taken\nWait.\n" + errcode.NoWayBack.Line():                              errcode.WithNext(errcode.Errorf(errcode.NoWayBack, "taken"), "`Wait`."),
		"ended\nRun appypie login --profile work.\n" + errcode.AnswerLost.Line(): &auth.Error{Kinds: []error{auth.ErrAnswerLost}, Summary: "ended", Profile: "work"},
	} {
		if got := explain(err); got != want {
			t.Errorf("%v is explained as %q, want %q", err, got, want)
		}
	}
}
