package main

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
)

func newDialectCommand(m machine) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "dialect",
		Short: "Show and check what the API looks like",
		Long: "A dialect is the document that says what requests and answers of the API look like. Your own file needs\n" +
			"to say only what your service does differently. These commands never call the service.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newDialectShowCommand(m), newDialectCheckCommand(m))
	return cmd
}

func newDialectShowCommand(m machine) *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use:   "show",
		Short: "Print the dialect that is used",
		Long: "show prints the default dialect with your file and your endpoints laid over it. Lines that differ from\n" +
			"the default have a comment that says where they come from.",
		Example: "  appypie dialect show\n  appypie dialect show --dialect dialect.yaml",
		Args:    cobra.NoArgs,
		RunE: withSettings(m, nil, func(cmd *cobra.Command, _ []string, s settings) error {
			spoken, err := s.dialect()
			if err != nil {
				return err
			}
			text := spoken.Document()
			if s.dialectFile == "" && len(s.endpoints) == 0 {
				text = dialect.DefaultDocument()
			}
			if _, err := cmd.OutOrStdout().Write(text); err != nil {
				return fmt.Errorf("print the dialect: %w", err)
			}
			return nil
		}),
	}
	addDialectFlag(cmd, &file)
	return explainCommand(cmd, "the dialect is printed", "the file or the endpoints are not valid", apiVariables()[1:3])
}

func newDialectCheckCommand(m machine) *cobra.Command {
	var answers string
	cmd := &cobra.Command{
		Use:   "check FILE",
		Short: "Check a dialect without calling the service",
		Long: "check reads a dialect and reports every mistake with its line. With --answers it also reads recorded\n" +
			"answers: open the developer tools of a browser, use the service's web editor, and save the network\n" +
			"recording as a HAR file. Such a file holds your credentials; they are not printed.",
		Example: "  appypie dialect check dialect.yaml\n  appypie dialect check dialect.yaml --answers recording.har",
		Args:    cobra.ExactArgs(1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveDefault
		},
		RunE: withSettings(m, nil, func(cmd *cobra.Command, args []string, s settings) error {
			s.dialectFile = args[0]
			spoken, err := s.dialect()
			if err != nil {
				return err
			}
			if answers == "" {
				return say(cmd, "%s is valid.\n", args[0])
			}
			return checkAnswers(cmd.OutOrStdout(), spoken, answers)
		}),
	}
	cmd.Flags().StringVar(&answers, "answers", "", "HAR `FILE` with recorded answers to read")
	return explainCommand(cmd, "the dialect is valid and reads all answers", "the dialect is not valid, or does not read an answer", apiVariables()[2:3])
}

// recording is what is needed of an HTTP archive.
type recording struct {
	Log struct {
		Entries []recorded `json:"entries"`
	} `json:"log"`
}

type recorded struct {
	Request struct {
		Method string `json:"method"`
		URL    string `json:"url"`
	} `json:"request"`
	Response struct {
		Status  int `json:"status"`
		Content struct {
			Text     string `json:"text"`
			Encoding string `json:"encoding"`
		} `json:"content"`
	} `json:"response"`
}

func (r recorded) body() ([]byte, error) {
	if r.Response.Content.Encoding == "base64" {
		return base64.StdEncoding.DecodeString(r.Response.Content.Text)
	}
	return []byte(r.Response.Content.Text), nil
}

// route recognizes the requests of an operation below any base.
type route struct {
	op      dialect.Operation
	method  string
	path    *regexp.Regexp
	literal int
	// later means that the request asks for the answer of an operation that
	// finishes later; started, that its answer comes that way.
	later, started bool
}

var placeholder = regexp.MustCompile(`\\\{[^{}]*\\\}`)

// routes are those of all requests of a dialect, the most exact first.
func routes(d *dialect.Dialect) []route {
	var all []route
	for _, op := range dialect.Operations() {
		for _, line := range d.Lines(op) {
			rest, isRequest := strings.CutSuffix(line.Member, ".request")
			if !isRequest {
				continue
			}
			method, path, _ := strings.Cut(line.Text, " ")
			pattern := placeholder.ReplaceAllString(regexp.QuoteMeta(strings.TrimSpace(path)), `[^/]+`)
			later := strings.HasSuffix(rest, ".then")
			all = append(all, route{
				op: op, method: method, path: regexp.MustCompile(`^(?:/.*)?` + pattern + `/?$`), later: later,
				literal: strings.Count(path, "/")*len(path) - len(path)*strings.Count(path, "{"), started: !later && d.Then(op) != nil,
			})
		}
	}
	slices.SortStableFunc(all, func(a, b route) int { return cmp.Compare(b.literal, a.literal) })
	return all
}

// checkAnswers reads each recorded answer as the operation that its request is.
// Where several operations have the same request, one that reads it is enough.
func checkAnswers(out io.Writer, d *dialect.Dialect, file string) error {
	text, err := os.ReadFile(file) //nolint:gosec // the user names the file.
	if err != nil {
		return fmt.Errorf("read the recording: %w", err)
	}
	var har recording
	if err := json.Unmarshal(text, &har); err != nil {
		return errcode.Errorf(errcode.VariableMalformed, "%s is not a HAR file: %w", file, err)
	}
	var p sheet
	all, read, wrong, other := routes(d), 0, 0, 0
	for i, entry := range har.Log.Entries {
		at, err := url.Parse(entry.Request.URL)
		if err != nil {
			other++
			continue
		}
		var matches []route
		for _, r := range all {
			if r.method == entry.Request.Method && r.path.MatchString(at.EscapedPath()) && (len(matches) == 0 || matches[0].literal == r.literal) {
				matches = append(matches, r)
			}
		}
		if len(matches) == 0 {
			other++
			continue
		}
		op, outcome, err := readRecorded(d, matches, entry)
		p.row(0, 4, fmt.Sprint(i+1), fmt.Sprintf("%s %s: %s", entry.Request.Method, at.Path, op))
		if err != nil {
			wrong++
			outcome = "not read: " + strings.TrimPrefix(err.Error(), string(op)+": ")
		} else {
			read++
		}
		p.row(6, 0, "", outcome)
	}
	p.block(0, fmt.Sprintf("%d answers read, %d not read, %d requests of no operation.", read, wrong, other))
	if err := p.printTo(out); err != nil {
		return err
	}
	switch {
	case wrong > 0:
		return errcode.Errorf(errcode.DoctorFound, "the dialect does not read %d of %d answers", wrong, read+wrong)
	case read == 0:
		return errcode.Errorf(errcode.DoctorFound, "no request of the recording is one of the dialect")
	}
	return nil
}

// readRecorded reads an answer, and tells what is in it.
func readRecorded(d *dialect.Dialect, matches []route, entry recorded) (op dialect.Operation, outcome string, err error) {
	body, err := entry.body()
	if err != nil {
		return matches[0].op, "", err
	}
	for i, r := range matches {
		var readErr error
		if outcome, readErr = readAs(d, r, entry.Response.Status, body); readErr == nil {
			return r.op, outcome, nil
		}
		if i == 0 {
			err = readErr
		}
	}
	return matches[0].op, "", err
}

func readAs(d *dialect.Dialect, r route, status int, body []byte) (string, error) {
	if answer, err := dialect.Decode(body); r.later && err == nil {
		done, err := d.Then(r.op).Done(answer)
		if err != nil || !done {
			return "read: it is not finished yet", err
		}
	}
	value, err := readAnswer(d, r.op, status, body)
	if refused, ok := errors.AsType[*refusedError](err); ok {
		return "read as a refusal: " + refused.Error(), nil
	}
	if r.started {
		return "read: its answer comes later", nil
	}
	if err != nil {
		return "", err
	}
	yielded, empty := membersOf(value, dialect.Shape(r.op))
	if len(yielded) == 0 {
		return "read: it shows nothing", nil
	}
	outcome := "read: " + strings.Join(yielded, ", ")
	if len(empty) > 0 {
		outcome += "; not found: " + strings.Join(empty, ", ")
	}
	return outcome, nil
}

// writeDialect writes the user's file with what the doctor found laid over it.
func writeDialect(file, base string, r report) error {
	var text []byte
	if base != "" {
		var err error
		if text, err = os.ReadFile(base); err != nil { //nolint:gosec // the user names the file.
			return fmt.Errorf("read the dialect: %w", err)
		}
	}
	found, notes := map[dialect.Operation]dialect.Found{}, []string{"Found by appypie doctor. Check each guess."}
	for _, f := range append(r.Reads, r.Writes...) {
		switch {
		case f.Override != "":
			found[f.Operation] = dialect.Found{Request: f.Override, Comment: oneLine(fmt.Sprintf("A guess: %s %s is %s.", f.Method, f.Path, f.Verdict))}
		case !f.Verdict.works() && f.Verdict != verdictSkipped:
			notes = append(notes, oneLine(fmt.Sprintf("To do: %s: %s. %s", f.Operation, f.Verdict, f.text())))
		}
	}
	text, err := dialect.Overlay(text, found, notes...)
	if err == nil {
		_, err = dialect.Load(dialect.File(file, text))
	}
	if err != nil {
		return fmt.Errorf("what was found does not fit together: %w", err)
	}
	if err := os.WriteFile(file, text, 0o600); err != nil { //nolint:gosec // the user names the file.
		return fmt.Errorf("write the dialect: %w", err)
	}
	return nil
}
