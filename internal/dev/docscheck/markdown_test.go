package docscheck

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// page is a Markdown file taken apart, as far as the checks look at it.
type page struct {
	name   string // below the root of the repository, with slashes
	blocks []block
	spans  []word // code spans of the prose
	links  []word // targets of links
	prose  []word // the prose, a line each, without its code spans
	// anchors are what a link may name behind #.
	anchors map[string]bool
}

// block is a fenced block.
type block struct {
	page     string
	line     int // of the first line inside
	language string
	text     string
}

// word is a piece of a page, at its line.
type word struct {
	text string
	line int
}

// finding is something that a page says and that is not so.
type finding struct {
	page, word, reason string
	line               int
}

func (f finding) String() string {
	return fmt.Sprintf("%s:%d: %s: %s", f.page, f.line, f.word, f.reason)
}

// report fails the test with all findings.
func report(t *testing.T, found []finding) {
	t.Helper()
	for _, f := range found {
		t.Error(f)
	}
}

var (
	fencePattern   = regexp.MustCompile("^( *)(```+|~~~+) *([A-Za-z]*)")
	spanPattern    = regexp.MustCompile("`([^`]+)`")
	linkPattern    = regexp.MustCompile(`\]\(<?([^()\s>]+)>?(?: "[^"]*")?\)|^\[[^\]]+\]: *(\S+)|<(https?:[^>]+)>`)
	headingPattern = regexp.MustCompile(`^#{1,6} +(.*?) *#*$`)
	idPattern      = regexp.MustCompile(`<a (?:id|name)="([^"]+)"`)
	commentPattern = regexp.MustCompile(`(?s)<!--.*?-->`)
)

// parsePage takes a page apart.
func parsePage(name, text string) page {
	p := page{name: name, anchors: map[string]bool{}}
	// A comment is not on the page; its lines still count.
	text = commentPattern.ReplaceAllStringFunc(text, func(comment string) string {
		return strings.Repeat("\n", strings.Count(comment, "\n"))
	})
	lines := strings.Split(text, "\n")
	var paragraph []string
	first := 1
	flush := func(next int) {
		p.addProse(first, paragraph)
		paragraph, first = nil, next
	}
	for i := 0; i < len(lines); i++ {
		fence := fencePattern.FindStringSubmatch(lines[i])
		switch {
		case fence != nil:
			flush(0)
			var inside block
			inside, i = cutBlock(name, lines, i, fence)
			p.blocks = append(p.blocks, inside)
			first = i + 2
		case strings.TrimSpace(lines[i]) == "" || headingPattern.MatchString(lines[i]):
			if heading := headingPattern.FindStringSubmatch(lines[i]); heading != nil {
				p.addAnchor(heading[1])
			}
			paragraph = append(paragraph, lines[i])
			flush(i + 2)
		default:
			paragraph = append(paragraph, lines[i])
		}
	}
	flush(0)
	return p
}

// cutBlock cuts the fenced block that begins at a line, and returns the line that
// ends it. A block inside a list is indented as its fence is.
func cutBlock(name string, lines []string, start int, fence []string) (block, int) {
	inside := block{page: name, line: start + 2, language: fence[3]}
	var text strings.Builder
	end := start + 1
	for ; end < len(lines) && !strings.HasPrefix(strings.TrimSpace(lines[end]), fence[2]); end++ {
		text.WriteString(strings.TrimPrefix(lines[end], fence[1]) + "\n")
	}
	inside.text = text.String()
	return inside, end
}

// addProse collects code spans and links of a paragraph. A code span may go on in
// the next line, so the paragraph is looked at as a whole.
func (p *page) addProse(first int, paragraph []string) {
	text := strings.Join(paragraph, "\n")
	lineOf := func(offset int) int { return first + strings.Count(text[:offset], "\n") }
	for _, at := range spanPattern.FindAllStringSubmatchIndex(text, -1) {
		span := strings.Join(strings.Fields(text[at[2]:at[3]]), " ")
		p.spans = append(p.spans, word{strings.ReplaceAll(span, `\|`, "|"), lineOf(at[0])})
	}
	// What looks like a link inside code is none.
	plain := spanPattern.ReplaceAllStringFunc(text, func(span string) string {
		return strings.Map(func(r rune) rune {
			if r == '\n' {
				return r
			}
			return ' '
		}, span)
	})
	for i, line := range strings.Split(plain, "\n") {
		p.prose = append(p.prose, word{line, first + i})
		for _, match := range linkPattern.FindAllStringSubmatch(line, -1) {
			p.links = append(p.links, word{match[1] + match[2] + match[3], first + i})
		}
	}
	for _, match := range idPattern.FindAllStringSubmatch(text, -1) {
		p.anchors[match[1]] = true
	}
}

// addAnchor adds the anchor that GitHub and the registry give to a heading; a
// second heading of the same words gets a number.
func (p *page) addAnchor(heading string) {
	var b strings.Builder
	for _, r := range strings.ToLower(linkText(heading)) {
		switch {
		case r == ' ' || r == '-':
			b.WriteByte('-')
		case r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r > 0x7f:
			b.WriteRune(r)
		}
	}
	anchor := b.String()
	for n := 1; p.anchors[anchor]; n++ {
		anchor = fmt.Sprintf("%s-%d", b.String(), n)
	}
	p.anchors[anchor] = true
}

// linkText leaves of links in a heading what is read.
func linkText(heading string) string {
	return regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`).ReplaceAllString(heading, "$1")
}
