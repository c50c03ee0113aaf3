package errcode_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/auth"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
)

// Codes are three digits behind AP1, of which the first is the number of the group.
func TestRegisterIsWhole(t *testing.T) {
	t.Parallel()
	var before errcode.Code
	for number, group := range errcode.Groups() {
		if group.Title == "" {
			t.Errorf("group %d has no title", number)
		}
		for _, entry := range group.Entries {
			if want := fmt.Sprintf("AP1%d", number); !strings.HasPrefix(string(entry.Code), want) || len(entry.Code) != len("AP1001") {
				t.Errorf("%s is in the group %q, whose codes begin with %s", entry.Code, group.Title, want)
			}
			if entry.Code <= before {
				t.Errorf("%s follows %s", entry.Code, before)
			}
			before = entry.Code
			if entry.Title == "" || strings.HasSuffix(entry.Title, ".") || !strings.HasSuffix(entry.Cause, ".") || !strings.HasSuffix(entry.Fix, ".") {
				t.Errorf("%s lacks a title without a period, or a cause or a fix with one", entry.Code)
			}
			if errcode.Explain(entry.Code) != entry {
				t.Errorf("%s is not explained by its entry", entry.Code)
			}
		}
	}
}

// Two problems with one title could not be told apart by their messages.
func TestTitlesAreUnique(t *testing.T) {
	t.Parallel()
	seen := map[string]errcode.Code{}
	for _, group := range errcode.Groups() {
		for _, entry := range group.Entries {
			if other, ok := seen[entry.Title]; ok {
				t.Errorf("%s and %s have the title %q", other, entry.Code, entry.Title)
			}
			seen[entry.Title] = entry.Code
		}
	}
}

// The files are the page. What the parser does not read would be seen there only,
// so an entry written from its parts must be the text of its file.
func TestRegisterSaysNothingElse(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for _, group := range errcode.Groups() {
		fmt.Fprintf(&b, "## %s\n", group.Title)
		for _, entry := range group.Entries {
			fmt.Fprintf(&b, "### %s\n**%s**\n%s\n%s\n", entry.Code, entry.Title, entry.Cause, entry.Fix)
			if entry.Guide != "" {
				fmt.Fprintf(&b, "See [%s](%s.md).\n", guideTitle(t, entry.Guide), entry.Guide)
			}
		}
	}
	want, got := strings.Fields(b.String()), strings.Fields(errcode.Page())
	for i := range min(len(want), len(got)) {
		if want[i] != got[i] {
			t.Fatalf("the register says %q, its entries %q", strings.Join(got[max(0, i-5):i+1], " "), strings.Join(want[max(0, i-5):i+1], " "))
		}
	}
	if len(want) != len(got) {
		t.Errorf("the register has %d words, its entries %d", len(got), len(want))
	}
}

// guideTitle is the title of a page that a See line refers to.
func guideTitle(t *testing.T, guide string) string {
	t.Helper()
	page, err := os.ReadFile(filepath.Join(root, "docs", "guides", guide+".md"))
	if err != nil {
		t.Fatalf("a guide is not there: %v", err)
	}
	_, rest, _ := strings.Cut(string(page), "page_title: \"")
	title, _, _ := strings.Cut(rest, "\"")
	return title
}

// A code that is out in the world keeps its meaning: testdata/codes.txt only grows.
func TestCodesAreFrozen(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(filepath.Join("testdata", "codes.txt"))
	if err != nil {
		t.Fatal(err)
	}
	frozen := strings.Split(strings.TrimSpace(string(raw)), "\n")
	var now []string
	for name, code := range constants(t) {
		now = append(now, code+" "+name)
	}
	for _, line := range frozen {
		if !slices.Contains(now, line) {
			t.Errorf("%s was given out and is gone or means something else", line)
		}
	}
	for _, line := range now {
		if !slices.Contains(frozen, line) {
			t.Errorf("%s is new: add it to testdata/codes.txt", line)
		}
	}
	if !slices.IsSorted(frozen) {
		t.Error("testdata/codes.txt is not sorted")
	}
}

func TestEveryConstantIsExplained(t *testing.T) {
	t.Parallel()
	for name, code := range constants(t) {
		if errcode.Explain(errcode.Code(code)).Title == "" {
			t.Errorf("%s (%s) has no entry", name, code)
		}
	}
}

func TestOf(t *testing.T) {
	t.Parallel()
	refused := &connectapi.APIError{Operation: dialect.ListConnects, Status: 403, Kind: connectapi.ErrForbidden}
	tests := map[string]struct {
		err  error
		want errcode.Code
	}{
		"an error made with a code": {fmt.Errorf("log in: %w", errcode.Errorf(errcode.BrowserSilent, "wait: %w", context.DeadlineExceeded)), errcode.BrowserSilent},
		"a kind below others":       {fmt.Errorf("list: %w", refused), errcode.Forbidden},
		"an answer of no kind":      {&connectapi.APIError{Status: 500}, errcode.ServiceFault},
		"a missing token before the call that wanted it": {
			fmt.Errorf("get an access token: %w; the refusal was: %w", &auth.Error{Kinds: []error{auth.ErrTokenRejected}}, refused), errcode.TokenRejected,
		},
		"the more telling one of two kinds": {&auth.Error{Kinds: []error{auth.ErrLoginRequired, auth.ErrAnswerLost}}, errcode.AnswerLost},
		"a save that failed at the disk":    {&auth.Error{Kinds: []error{auth.ErrSaveFailed}, Err: auth.ErrStoreUnwritable}, errcode.SaveFailed},
		"a setting":                         {fmt.Errorf("credentials: %w", &auth.ConfigError{Attribute: "client_id"}), errcode.InvalidSetting},
		"a time that was up on the way":     {&connectapi.TransportError{Err: context.DeadlineExceeded}, errcode.TimedOut},
		"no answer":                         {&connectapi.TransportError{Err: errors.New("refused")}, errcode.Unreachable},
		"an error of no kind":               {errors.New("disk full"), ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, known := errcode.Of(test.err)
			if got != test.want || known != (test.want != "") {
				t.Errorf("the code is %q (%t), want %q", got, known, test.want)
			}
		})
	}
}

// The fix of a message names what the error knows, and has no marks, which a
// terminal would show.
func TestFixFor(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		code errcode.Code
		err  error
		want string
	}{
		"no facts":  {errcode.AnswerLost, nil, "Run appypie login --profile PROFILE."},
		"a profile": {errcode.AnswerLost, fmt.Errorf("list: %w", &auth.Error{Profile: "work"}), "Run appypie login --profile work."},
		"several connects": {
			errcode.AmbiguousCreate, &connectapi.AmbiguousCreateError{IDs: []string{"c1", "c2"}},
			"the address of this resource: terraform import ADDRESS c1, or terraform import ADDRESS c2.",
		},
		"a link": {errcode.RefreshRefused, nil, "the guide CI/CD (https://registry.terraform.io/providers/appypie-community/appypie/latest/docs/guides/ci-cd) shows"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := test.code.FixFor(test.err); !strings.Contains(got, test.want) || strings.ContainsAny(got, "`[") {
				t.Errorf("the fix is %q, want %q", got, test.want)
			}
		})
	}
	if got, want := errcode.SameNameExists.FixWith("ID", "c1", "c2"), "terraform import ADDRESS c1, or terraform import ADDRESS c2."; !strings.Contains(got, want) {
		t.Errorf("the fix is %q, want %q", got, want)
	}
	if got := errcode.TokenCommand.Title(); got != "token_command gave no token" {
		t.Errorf("the title is %q", got)
	}
}

// The errors of the layers below say what happened. What they leave to the register
// is there: the command with the profile, the setting, the variable.
func TestAdvice(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		kind error
		want []string
	}{
		"no login":             {auth.ErrLoginRequired, []string{"Run appypie login --profile work."}},
		"a refused refresh":    {auth.ErrRefreshRefused, []string{"Run appypie login --profile work.", "/guides/ci-cd"}},
		"a lost answer":        {auth.ErrAnswerLost, []string{"Run appypie login --profile work."}},
		"an old refresh token": {auth.ErrSeedSuperseded, []string{"run appypie login --profile work.", "a profile of its own"}},
		"another login":        {auth.ErrProfileTaken, []string{"a profile of its own", "run appypie logout --profile work", "appypie login --profile work"}},
		"an unknown outcome":   {auth.ErrOutcomeUnknown, []string{"Run again in a minute", "run appypie login --profile work"}},
		"a refused client":     {auth.ErrClientRejected, []string{"client_id and client_secret", "appypie login --profile work"}},
		"an endpoint":          {auth.ErrEndpoint, []string{"token_url", "its code works once"}},
		"an expired token":     {auth.ErrTokenExpired, []string{"never", "token_command"}},
		"a refused token":      {auth.ErrTokenRejected, []string{"api_url and token_url", "token_key"}},
		"a token command":      {auth.ErrTokenCommand, []string{"by hand", `{"access_token": "...", "expires_at": 1767225600}`}},
		"a store command":      {auth.ErrStoreCommand, []string{"by hand"}},
		"no key":               {auth.ErrStoreKey, []string{"APPYPIE_TOKEN_STORE_KEY"}},
		"a damaged store":      {auth.ErrStoreCorrupt, []string{"Move the file away", "run appypie login --profile work"}},
		"a newer store":        {auth.ErrStoreFormat, []string{"Upgrade"}},
		"a full disk":          {auth.ErrStoreUnwritable, []string{"token_store.path"}},
		"a failed save":        {auth.ErrSaveFailed, []string{"on the same machine", "run appypie login --profile work"}},
		"a lock":               {auth.ErrLockTimeout, []string{"Leave the lock file in place"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := fmt.Errorf("list: %w", &auth.Error{Kinds: []error{test.kind}, Profile: "work"})
			for _, want := range test.want {
				if got := errcode.Advice(err); !strings.Contains(got, want) {
					t.Errorf("the advice is %q, want %q", got, want)
				}
			}
			// A code that the error was given goes before that of its kind.
			coded := errcode.Errorf(errcode.LocalFault, "save: %w", err)
			if got := errcode.Advice(coded); got != errcode.LocalFault.FixFor(err) {
				t.Errorf("an error with a code of its own has the advice %q", got)
			}
			if got := errcode.Advice(errcode.WithNext(coded, "Run `appypie token`.")); got != "Run appypie token." {
				t.Errorf("an error with a next step of its own has the advice %q", got)
			}
		})
	}
	if got := errcode.Advice(errors.New("disk full")); got != "" {
		t.Errorf("an error of no kind has the advice %q", got)
	}
}

func TestErrorfKeepsTheError(t *testing.T) {
	t.Parallel()
	err := errcode.Errorf(errcode.LocalFault, "read: %w", os.ErrNotExist)
	if err.Error() != "read: file does not exist" || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the error is %v", err)
	}
}

func TestLine(t *testing.T) {
	t.Parallel()
	want := "AP1203: https://registry.terraform.io/providers/appypie-community/appypie/latest/docs/guides/troubleshooting#ap1203"
	if got := errcode.StepNotFound.Line(); got != want {
		t.Errorf("the line is %s", got)
	}
}
