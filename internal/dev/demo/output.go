package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

// Colors, as terminals number them.
const (
	bold       = "1"
	dim        = "2"
	underlined = "4"
	red        = "31"
	green      = "32"
	yellow     = "33"
)

// printer writes for a person: short headings, and below each only what tells.
type printer struct {
	out   io.Writer
	color bool
	count int
}

// newPrinter uses colors when out is a terminal that wants them.
func newPrinter(out io.Writer) *printer {
	p := &printer{out: out}
	if file, ok := out.(*os.File); ok {
		info, err := file.Stat()
		p.color = err == nil && info.Mode()&os.ModeCharDevice != 0 && wantsColor(os.Getenv)
	}
	return p
}

// wantsColor obeys https://no-color.org.
func wantsColor(getenv func(string) string) bool {
	return getenv("NO_COLOR") == "" && getenv("TERM") != "dumb"
}

// paint gives a text a color, where there are colors.
func (p *printer) paint(color, text string) string {
	if !p.color {
		return text
	}
	return "\x1b[" + color + "m" + text + "\x1b[0m"
}

func (p *printer) heading(text string) {
	p.count++
	p.title(fmt.Sprintf("%d. %s", p.count, text))
}

// title is a heading outside the count of steps.
func (p *printer) title(text string) { _, _ = fmt.Fprintf(p.out, "\n%s\n", p.paint(bold, text)) }

// command shows what is run, without the arguments that only a program needs.
func (p *printer) command(text string) {
	text = strings.NewReplacer(" -input=false", "", " -auto-approve", "", " -detailed-exitcode", "").Replace(text)
	p.line("%s", p.paint(dim, "$ ")+text)
}

// line prints indented text, which may have several lines.
func (p *printer) line(format string, args ...any) {
	for text := range strings.SplitSeq(fmt.Sprintf(format, args...), "\n") {
		_, _ = fmt.Fprintln(p.out, strings.TrimRight("   "+text, " "))
	}
}

// status is a connect's status in its color.
func (p *printer) status(word string) string {
	if word == simulator.StatusOn {
		return p.paint(green, word)
	}
	return p.paint(yellow, word)
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
			p.line("%s", p.marked(text))
		}
	}
}

// marked puts Terraform's sign of what happens before a line of a plan, in its color.
func (p *printer) marked(text string) string {
	for _, mark := range []struct{ ending, sign, color string }{
		{"will be created", "+", green},
		{"will be updated in-place", "~", yellow},
		{"will be destroyed", "-", red},
		{"must be replaced", "-/+", red},
	} {
		if what, ok := strings.CutPrefix(text, "# "); ok && strings.HasSuffix(what, mark.ending) {
			return p.paint(mark.color, mark.sign) + " " + what
		}
	}
	if rest, ok := strings.CutPrefix(text, "~ "); ok {
		return "  " + p.paint(yellow, "~") + " " + rest
	}
	if strings.HasPrefix(text, "Plan: ") || strings.HasPrefix(text, "No changes.") || strings.Contains(text, " complete! ") {
		return p.paint(bold, text)
	}
	return text
}

// pause waits for Enter. One that was given no more input waits no longer.
type pause struct{ lines chan struct{} }

func newPause(in io.Reader) *pause {
	w := &pause{lines: make(chan struct{})}
	go func() {
		defer close(w.lines)
		for scanner := bufio.NewScanner(in); scanner.Scan(); {
			w.lines <- struct{}{}
		}
	}()
	return w
}

func (w *pause) wait(ctx context.Context) error {
	select {
	case <-w.lines:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait for Enter: %w", ctx.Err())
	}
}
