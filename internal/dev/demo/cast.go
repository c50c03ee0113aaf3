package main

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"os"
	"regexp"
	"strings"
	"time"
)

// The screen of a recording, in characters, and how long things stay on it.
const (
	castWidth, castHeight = 96, 26
	longestWait           = 1500 * time.Millisecond // a program that works
	shortestWait          = 60 * time.Millisecond   // a line
	readingWait           = 1200 * time.Millisecond // before a heading
	endingWait            = 8 * time.Second         // before it begins again
	waitScale             = 3                       // Terraform is quick here
	waitStep              = 250 * time.Millisecond  // waits are rounded, so that runs are alike
)

// moment is a line and how long after the one before it was printed.
type moment struct {
	wait time.Duration
	text string
}

// recorder keeps what is printed, a line at a time.
type recorder struct {
	now     func() time.Time
	last    time.Time
	moments []moment
}

// What differs from run to run.
var (
	port   = regexp.MustCompile(`127\.0\.0\.1:\d+`)
	folder = regexp.MustCompile(`\S*/appypie-demo-\d+`)
)

// Write implements io.Writer. Waits are those of the run, longer, rounded and bounded.
func (r *recorder) Write(text []byte) (int, error) {
	at := r.now()
	wait := max(shortestWait, min(longestWait, (waitScale*at.Sub(r.last)).Round(waitStep)))
	if r.last = at; bytes.HasPrefix(text, []byte("\n")) {
		wait = readingWait
	}
	for line := range strings.Lines(string(text)) {
		line = folder.ReplaceAllString(port.ReplaceAllString(line, "127.0.0.1:8787"), "/tmp/appypie-demo")
		r.moments = append(r.moments, moment{wait, strings.TrimSuffix(line, "\n")})
		wait = shortestWait
	}
	return len(text), nil
}

// save writes the recording, and the picture that is made of it.
func (r *recorder) save(file string) error {
	cast, err := r.cast()
	if err != nil {
		return err
	}
	for name, content := range map[string][]byte{file: cast, strings.TrimSuffix(file, ".cast") + ".svg": svg(cast)} {
		if err := os.WriteFile(name, content, 0o600); err != nil {
			return fmt.Errorf("save the recording: %w", err)
		}
	}
	return nil
}

// cast is the recording as https://docs.asciinema.org/manual/asciicast/v2/ has it.
func (r *recorder) cast() ([]byte, error) {
	var out bytes.Buffer
	lines := json.NewEncoder(&out)
	lines.SetEscapeHTML(false)
	err := lines.Encode(map[string]any{"version": 2, "width": castWidth, "height": castHeight, "title": "make demo"})
	at := time.Duration(0)
	for _, one := range r.moments {
		at += one.wait
		if err == nil {
			err = lines.Encode([]any{at.Seconds(), "o", one.text + "\r\n"})
		}
	}
	if err != nil {
		return nil, fmt.Errorf("write the recording: %w", err)
	}
	return out.Bytes(), nil
}

// sheet is the style of the picture: a dark screen, on a page of any color. What
// moves is the whole text; who wants no movement sees its end.
const sheet = `text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#d8dbe0;white-space:pre}` +
	`.c1{font-weight:700;fill:#fff}.c2{fill:#8b93a1}.c4{fill:#8ab4f8}.c31{fill:#ff8b85}.c32{fill:#7ddc94}.c33{fill:#f0c674}`

// svg makes an animated picture of a cast whose events are whole lines: a text
// that moves up by a line at each of its times.
func svg(cast []byte) []byte {
	const lineHeight, edge, width, height = 19, 14, castWidth*843/100 + 28, castHeight*19 + 28
	var text, frames strings.Builder
	var times []float64
	for line := range strings.Lines(string(cast)) {
		var event []any
		if json.Unmarshal([]byte(line), &event) != nil || len(event) != 3 {
			continue // The header.
		}
		at, _ := event[0].(float64)
		printed, _ := event[2].(string)
		times = append(times, at)
		fmt.Fprintf(&text, "<text x=\"%d\" y=\"%d\">%s</text>\n", edge, len(times)*lineHeight, colored(strings.TrimRight(printed, "\r\n")))
	}
	total := times[len(times)-1] + endingWait.Seconds()
	offset := func(lines int) int { return (castHeight - lines) * lineHeight }
	for i, at := range times {
		if i == len(times)-1 || times[i+1] > at {
			fmt.Fprintf(&frames, "%.2f%%{transform:translateY(%dpx)}", 100*at/total, offset(i+1))
		}
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img"><title>make demo</title><style>%s`+
		`#t{transform:translateY(%dpx);animation:t %.1fs step-end infinite}@keyframes t{0%%{transform:translateY(%dpx)}%s}`+
		"@media(prefers-reduced-motion:reduce){#t{animation:none}}</style>\n"+
		`<rect width="100%%" height="100%%" rx="10" fill="#16181d"/><svg y="%d" height="%d"><g id="t">`+"\n%s</g></svg></svg>\n",
		width, height, sheet, offset(len(times)), total, offset(0), frames.String(), edge-4, castHeight*lineHeight+8, text.String())
	return out.Bytes()
}

var escapes = regexp.MustCompile("\x1b\\[(\\d+)m(.*?)\x1b\\[0m")

// colored is a line with its colors as the picture has them.
func colored(line string) string {
	var out bytes.Buffer
	write := func(text string) { _ = xml.EscapeText(&out, []byte(text)) } // A buffer never fails.
	for {
		found := escapes.FindStringSubmatchIndex(line)
		if found == nil {
			write(line)
			return out.String()
		}
		write(line[:found[0]])
		fmt.Fprintf(&out, `<tspan class="c%s">`, line[found[2]:found[3]])
		write(line[found[4]:found[5]])
		out.WriteString("</tspan>")
		line = line[found[1]:]
	}
}
