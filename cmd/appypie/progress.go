package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/term"
)

// How often a wait says that it goes on: each second on a line that is written
// over, and seldom where every time is a line of its own.
const (
	liveEvery  = time.Second
	plainEvery = 30 * time.Second
)

// eraseLine goes back to the start of the line and empties it.
const eraseLine = "\r\x1b[K"

// progress tells a person who waits that something happens. On a terminal it is
// one line that changes and disappears; elsewhere, as in a log, each step is a
// line. It is never part of the outcome of a command.
type progress struct {
	out  io.Writer
	live bool
	// shown tells that the line holds something that has to be erased.
	shown bool
}

func isTerminal(out io.Writer) bool {
	file, ok := out.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

func newProgress(m machine, out io.Writer) *progress {
	// NO_COLOR stands for everything that is more than text, see
	// https://no-color.org.
	return &progress{out: out, live: m.isTerminal(out) && m.getenv("NO_COLOR") == "" && m.getenv("TERM") != "dumb"}
}

// say shows what happens now.
func (p *progress) say(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if p.live {
		p.shown = true
		_, _ = io.WriteString(p.out, eraseLine+text)
		return
	}
	_, _ = io.WriteString(p.out, text+"\n")
}

// end erases the line, so that what follows begins on an empty one.
func (p *progress) end() {
	if p.shown {
		p.shown = false
		_, _ = io.WriteString(p.out, eraseLine)
	}
}

// every is how often a wait reports.
func (p *progress) every() time.Duration {
	if p.live {
		return liveEvery
	}
	return plainEvery
}
