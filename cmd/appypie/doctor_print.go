package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
)

// lineWidth is how long a line for people may be.
const lineWidth = 100

// sheet is text for people that never leaves the width of a terminal.
type sheet struct{ text strings.Builder }

// row sets a text beside a name. What does not fit goes on below the text.
func (p *sheet) row(indent, width int, name, text string) {
	head := fmt.Sprintf("%*s%-*s  ", indent, "", width, name)
	for _, line := range wrapped(oneLine(text), lineWidth-len([]rune(head))) {
		p.text.WriteString(strings.TrimRight(head+line, " ") + "\n")
		head = strings.Repeat(" ", len([]rune(head)))
	}
}

// block sets lines that keep their own indentation.
func (p *sheet) block(indent int, text string) {
	for line := range strings.SplitSeq(text, "\n") {
		own := indent + len(line) - len(strings.TrimLeft(line, " "))
		own = min(own, lineWidth/2)
		for i, part := range wrapped(strings.TrimSpace(line), lineWidth-own-2) {
			p.text.WriteString(strings.Repeat(" ", own+2*min(i, 1)) + part + "\n")
		}
	}
}

// wrapped cuts a text into lines, between words where it can.
func wrapped(text string, width int) []string {
	var lines []string
	rest := []rune(text)
	for len(rest) > width {
		cut := width
		if space := strings.LastIndexByte(string(rest[:width+1]), ' '); space > 0 {
			cut = len([]rune(string(rest[:width+1])[:space]))
		}
		lines = append(lines, string(rest[:cut]))
		rest = []rune(strings.TrimLeft(string(rest[cut:]), " "))
	}
	return append(lines, string(rest))
}

// oneLine keeps a foreign text from breaking the page.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

func (p *sheet) printTo(out io.Writer) error {
	if _, err := io.WriteString(out, p.text.String()); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}

// printReport is the form for people.
func printReport(out io.Writer, r report) error {
	var p sheet
	const names = 18
	p.text.WriteString("Setup\n")
	for _, c := range r.Checks {
		text := c.Value
		if c.From != "" {
			text += " (from " + c.From + ")"
		}
		if text != "" {
			text += ": "
		}
		text += c.Result
		if c.Detail != "" {
			text += ", " + c.Detail
		}
		p.row(2, names, c.Name, text)
		if c.Name == "credentials" {
			printAge(&p, names, r.Credentials)
		}
	}
	printFindings(&p, "Operations that read", r.Reads)
	printFindings(&p, "Operations that write", r.Writes)
	if r.Hint != "" {
		p.text.WriteString("\n")
		p.block(0, strings.ToUpper(r.Hint[:1])+r.Hint[1:]+".")
	}
	if len(r.Endpoints) > 0 {
		p.text.WriteString("\nThese overrides work. In the provider block:\n\n  endpoints = {\n")
		for _, name := range slices.Sorted(maps.Keys(r.Endpoints)) {
			fmt.Fprintf(&p.text, "    %s = %q\n", name, r.Endpoints[name])
		}
		p.text.WriteString("  }\n")
	}
	if left := r.LeftBehind; left != nil {
		text := fmt.Sprintf("Left behind: the connect %q", left.Name)
		if left.ID != "" {
			text += " (id " + left.ID + ")"
		}
		p.text.WriteString("\n")
		p.block(0, oneLine(text+", because "+left.Reason+".")+"\nTurn it off and delete it in the web editor.")
	}
	return p.printTo(out)
}

// printAge tells how old a login is, as far as that is known.
func printAge(p *sheet, width int, view *statusJSON) {
	if view == nil {
		return
	}
	if view.AgeSeconds != nil {
		p.row(2, width, "last refresh", fmt.Sprintf("%s, %s ago", *view.LastRefresh, time.Duration(*view.AgeSeconds)*time.Second))
	}
	if view.ExpiresAt != nil {
		p.row(2, width, "access token", "ends "+*view.ExpiresAt)
	}
}

func printFindings(p *sheet, title string, findings []finding) {
	if len(findings) == 0 {
		return
	}
	fmt.Fprintf(&p.text, "\n%s\n", title)
	broken := ""
	for _, f := range findings {
		p.row(2, 30, string(f.Operation), fmt.Sprintf("%s (%s): %s %s", f.Verdict, f.Provenance, f.Method, f.Path))
		if text := f.text(); text != "" {
			p.row(6, 8, "", text)
		}
		if f.Verdict.works() || f.Verdict == verdictSkipped {
			continue
		}
		if broken = string(f.Operation); f.Sent != "" {
			p.row(6, 8, "sent", f.Sent)
			p.row(6, 8, "answer", f.Answered)
		}
	}
	if broken != "" {
		p.text.WriteString("  `appypie doctor explain " + broken + "` shows it in full.\n")
	}
}

// text is what there is to say beyond the verdict.
func (f finding) text() string {
	text := f.Detail
	if member, _, _ := strings.Cut(f.Fix, " "); member != "" && !strings.Contains(text, member) {
		text += "; to fix it, see " + f.Fix
	}
	switch {
	case f.Override != "":
		text += "; " + f.Override + " works"
	case f.Verdict == verdictAbsent:
		text += "; look up the right method and path and set them in `endpoints` or in a dialect"
	case f.Verdict.works() && len(f.Missing) > 0:
		text += "; not shown: " + strings.Join(f.Missing, ", ")
	}
	return strings.TrimPrefix(text, "; ")
}
