package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
)

// printReport is the form for people.
func printReport(out io.Writer, r report) error {
	var b strings.Builder
	b.WriteString("Setup\n")
	table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, c := range r.Checks {
		value := c.Value
		if c.From != "" {
			value += " (from " + c.From + ")"
		}
		result := c.Result
		if c.Detail != "" {
			result += ": " + c.Detail
		}
		_, _ = fmt.Fprintf(table, "  %s\t%s\t%s\n", c.Name, oneLine(value), oneLine(result))
		if c.Name == "credentials" {
			printAge(table, r.Credentials)
		}
	}
	_ = table.Flush() // A strings.Builder takes everything.
	printFindings(&b, "Operations that read", r.Reads)
	printFindings(&b, "Operations that write", r.Writes)
	if len(r.Endpoints) > 0 {
		b.WriteString("\nThese overrides heal what is absent. In the provider block:\n\n  endpoints = {\n")
		for _, name := range slices.Sorted(maps.Keys(r.Endpoints)) {
			fmt.Fprintf(&b, "    %s = %q\n", name, r.Endpoints[name])
		}
		b.WriteString("  }\n")
	}
	if left := r.LeftBehind; left != nil {
		fmt.Fprintf(&b, "\nLeft behind: the connect %q", left.Name)
		if left.ID != "" {
			fmt.Fprintf(&b, " (id %s)", left.ID)
		}
		fmt.Fprintf(&b, ", because %s.\nTurn it off and delete it in the web editor.\n", oneLine(left.Reason))
	}
	if _, err := io.WriteString(out, b.String()); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}

// printAge tells how old a login is, as far as that is known.
func printAge(table io.Writer, view *statusJSON) {
	if view == nil {
		return
	}
	if view.AgeSeconds != nil {
		_, _ = fmt.Fprintf(table, "  last refresh\t%s\t%s ago\n", *view.LastRefresh, time.Duration(*view.AgeSeconds)*time.Second)
	}
	if view.ExpiresAt != nil {
		_, _ = fmt.Fprintf(table, "  access token\tends %s\t\n", *view.ExpiresAt)
	}
}

func printFindings(b *strings.Builder, title string, findings []finding) {
	if len(findings) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s\n", title)
	table := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	for _, f := range findings {
		_, _ = fmt.Fprintf(table, "  %s\t%s\t%s %s\t%s\n", f.Operation, f.Provenance, f.Method, f.Path, oneLine(f.text()))
	}
	_ = table.Flush() // A strings.Builder takes everything.
}

// text is the verdict as a person reads it.
func (f finding) text() string {
	text := string(f.Verdict)
	if f.Detail != "" {
		text += ": " + f.Detail
	}
	switch {
	case f.Override != "":
		text += "; " + f.Override + " answers as assumed"
	case f.Verdict == connectapi.VerdictAbsent:
		text += "; look up the right method and path and override it with `endpoints`"
	}
	return text
}

// oneLine keeps a foreign text from breaking the table.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

func printReportJSON(out io.Writer, r report) error { return printJSON(out, r) }
