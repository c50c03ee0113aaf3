package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
)

func newExplainCommand(m machine) *cobra.Command {
	var flags doctorFlags
	cmd := &cobra.Command{
		Use:   "explain OPERATION",
		Short: "Show one operation in full",
		Long: "explain calls one operation and shows the request, the answer without secrets, which members were found\n" +
			"in it, and the lines of the dialect that describe them. It calls an operation that writes only with\n" +
			"--popular-match and --yes, as part of what `appypie doctor --write` does.",
		Example: "  appypie doctor explain list_connects\n  appypie doctor explain edit_action_options --popular-match ID --yes",
		Args:    cobra.ExactArgs(1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
			var names []cobra.Completion
			for _, op := range dialect.Operations() {
				names = append(names, string(op))
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			op := dialect.Operation(args[0])
			if !slices.Contains(dialect.Operations(), op) {
				return usageNext("`appypie dialect show` lists the operations.", "there is no operation %q%s", args[0], didYouMean(args[0], dialect.Operations()))
			}
			flags.probe = connectapi.OperationOf(op).Effect == connectapi.Reads
			flags.write = !flags.probe && flags.popularMatch != "" && flags.yes
			d, err := newDoctor(cmd, m, flags)
			if err != nil {
				return err
			}
			defer d.settings.closeIdle()
			report, err := d.examine(cmd.Context(), flags)
			d.progress.end()
			if err != nil {
				return err
			}
			x, err := d.explain(report, op)
			if err != nil {
				return err
			}
			if err := show(cmd.OutOrStdout(), flags, x, printExplanation); err != nil {
				return err
			}
			if !x.Verdict.works() && x.Verdict != verdictSkipped {
				return errcode.Errorf(errcode.DoctorFound, "%s does not work", op)
			}
			return nil
		},
	}
	flags.add(cmd)
	return explainCommand(cmd, "the operation works, or was not called", "it does not work, or the setup does not",
		sourceVariables(), loginVariables(), apiVariables(), networkVariables(), terminalVariables())
}

// explanation is one operation in full.
type explanation struct {
	finding
	// Request and Answer are the exchange in full, without secrets.
	Request string       `json:"request"`
	Answer  string       `json:"answer"`
	Lines   []dialectRow `json:"dialect"`
}

// dialectRow is a member of the dialect.
type dialectRow struct {
	Member string `json:"member"`
	From   string `json:"from"`
	Text   string `json:"text"`
}

// explain finds what a report says of an operation.
func (d doctor) explain(r report, op dialect.Operation) (explanation, error) {
	spoken, err := d.settings.dialect()
	if err != nil || !r.usable {
		return explanation{}, r.verdict()
	}
	e := r.examiner
	if e == nil {
		e = &examiner{spoken: spoken}
	}
	x := explanation{finding: e.skipped(op, "it was not called; add --popular-match and --yes"), Lines: []dialectRow{}}
	if op == dialect.ConnectAccount {
		x.Detail = "`appypie accounts connect` calls it"
	}
	if !spoken.Has(op) {
		x.Detail = "your dialect does not describe it, and no other does"
	}
	for _, f := range append(r.Reads, r.Writes...) {
		if f.Operation == op {
			x.finding = f
		}
	}
	if x.exchange.Operation == op {
		x.Request, x.Answer = e.sent(x.exchange, true), e.answered(x.exchange, true)
		if spoken.Then(op) != nil && x.first.Request.Path != x.exchange.Request.Path {
			x.Request = e.sent(x.first, true) + "\n  " + strings.ReplaceAll(e.answered(x.first, true), "\n", "\n  ") + "\nthen " + x.Request
		}
	}
	for _, line := range spoken.Lines(op) {
		x.Lines = append(x.Lines, dialectRow{line.Member, line.Place.String(), line.Text})
	}
	return x, nil
}

func printExplanation(out io.Writer, x explanation) error {
	var p sheet
	p.block(0, fmt.Sprintf("%s: %s (%s)", x.Operation, x.Verdict, x.Provenance))
	if text := x.text(); text != "" {
		p.block(2, oneLine(text))
	}
	part := func(title, text string) {
		if text != "" {
			p.text.WriteString("\n" + title + "\n")
			p.block(2, text)
		}
	}
	part("Request", x.Request)
	part("Answer", x.Answer)
	part("Found in the answer", strings.Join(x.Yielded, "\n"))
	part("Not found in the answer", strings.Join(x.Missing, "\n"))
	p.text.WriteString("\nDialect\n")
	for _, line := range x.Lines {
		p.block(2, line.Member+" ("+line.From+")")
		p.block(4, line.Text)
	}
	return p.printTo(out)
}
