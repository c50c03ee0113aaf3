package main

import (
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
)

// printer writes for a person: short headings, and below each only what tells.
type printer struct {
	out   io.Writer
	color bool
	count int
}

// newPrinter uses bold headings when out is a terminal and NO_COLOR is not set.
func newPrinter(out io.Writer) *printer {
	p := &printer{out: out}
	if file, ok := out.(*os.File); ok && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" {
		info, err := file.Stat()
		p.color = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return p
}

func (p *printer) heading(text string) {
	p.count++
	p.title(fmt.Sprintf("%d. %s", p.count, text))
}

// title is a heading outside the count of steps.
func (p *printer) title(text string) {
	if p.color {
		text = "\x1b[1m" + text + "\x1b[0m"
	}
	_, _ = fmt.Fprintf(p.out, "\n%s\n", text)
}

// line prints indented text, which may have several lines.
func (p *printer) line(format string, args ...any) {
	for text := range strings.SplitSeq(fmt.Sprintf(format, args...), "\n") {
		_, _ = fmt.Fprintln(p.out, strings.TrimRight("   "+text, " "))
	}
}

// telling are the lines of Terraform's output that the demonstration shows.
var telling = regexp.MustCompile(`^(# .* (will|must) be .*` +
	`|~ (enabled|status)\s.*` +
	`|Plan: .*|No changes\. .*|- Installed .*|Success! .*` +
	`|\S+: (Creation|Modifications|Destruction|Import) complete.*` +
	`|Import successful!|Removed .*|Apply complete! .*|Destroy complete! .*)$`)

// excerpt prints the telling lines of an output, each once.
func (p *printer) excerpt(output string) {
	seen := map[string]bool{}
	for text := range strings.SplitSeq(output, "\n") {
		text = strings.TrimSpace(strings.TrimRight(text, "\r"))
		if telling.MatchString(text) && !seen[text] {
			seen[text] = true
			p.line("%s", text)
		}
	}
}
