package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
	"github.com/appypie-community/terraform-provider-appypie/internal/wire"
)

// maxPasted bounds what is read of standard input, in bytes.
const maxPasted = 64 << 10

// pastedLine is a line that a person pasted, or why there is none.
type pastedLine struct {
	text string
	err  error
}

// browsing is how a person gets to a link and the answer gets back.
type browsing struct {
	machine   machine
	noBrowser bool
	notices   io.Writer
	progress  *progress
	pasted    chan pastedLine
}

// newBrowsing reads pasted addresses only where no browser is opened. A read
// cannot be ended, so it happens beside and ends with its input.
func newBrowsing(ctx context.Context, cmd *cobra.Command, m machine, noBrowser bool) *browsing {
	b := &browsing{machine: m, noBrowser: noBrowser, notices: cmd.ErrOrStderr(), progress: newProgress(m, cmd.ErrOrStderr())}
	if noBrowser {
		b.pasted = make(chan pastedLine)
		go readPasted(ctx, cmd.InOrStdin(), b.pasted)
	}
	return b
}

func readPasted(ctx context.Context, in io.Reader, lines chan<- pastedLine) {
	reader := bufio.NewReader(io.LimitReader(in, maxPasted))
	for {
		text, err := reader.ReadString('\n')
		text = strings.Trim(strings.TrimSpace(text), `"'`)
		if text == "" && err == nil {
			continue
		}
		if text != "" {
			err = nil
		}
		select {
		case lines <- pastedLine{text, err}:
		case <-ctx.Done():
			return
		}
		if err != nil {
			return
		}
	}
}

// show brings a link to the person. The link is printed even where a browser
// opens, because an opener that fails often says nothing.
func (b *browsing) show(ctx context.Context, link, purpose string) error {
	if err := checkLink(link); err != nil {
		return err
	}
	if b.noBrowser {
		_, _ = fmt.Fprintf(b.notices, "Open this link in a browser %s:\n\n  %s\n\n"+
			"If the browser ends at a page that cannot be loaded, paste its whole address here and press Enter.\n", purpose, link)
		return nil
	}
	if err := b.machine.openBrowser(ctx, link); err != nil {
		_, _ = fmt.Fprintf(b.notices, "No browser could be opened (%s). Open this link %s:\n\n  %s\n\n", err, purpose, link)
		return nil
	}
	_, _ = fmt.Fprintf(b.notices, "Waiting for the browser. If it did not open, open this link %s:\n\n  %s\n\n", purpose, link)
	return nil
}

// wait waits for the browser, for as long as the person was given, and says that
// it does.
func (b *browsing) wait(ctx context.Context, back *callback, decide judge, atMost time.Duration) (string, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, atMost, tooLate(atMost))
	defer cancel()
	begun := b.machine.now()
	ticks, stop := b.machine.tick(b.progress.every())
	defer stop()
	if b.noBrowser {
		// It would be written into what the person pastes.
		ticks = nil
	}
	defer b.progress.end()
	return back.wait(ctx, decide, waiting{
		pasted: b.pasted, ticks: ticks,
		tick: func(now time.Time) {
			b.progress.say("Waiting for the browser: %s of %s", now.Sub(begun).Truncate(time.Second), atMost)
		},
		refused: func(err error) {
			b.progress.end()
			_, _ = fmt.Fprintf(b.notices, "Refused: %s. Still waiting for the browser.\n", err)
		},
	})
}

// checkLink refuses what an opener could take for something else than a web
// page: part of the links come from the service.
func checkLink(link string) error {
	u, err := url.Parse(link)
	if err != nil || u.Host == "" || u.User != nil || (u.Scheme != "https" && (u.Scheme != "http" || !wire.IsLoopback(u.Hostname()))) {
		return errcode.Errorf(errcode.UnsafeLink, "the link is not an https address and is not opened")
	}
	return nil
}

// parsePasted reads an address that the browser was sent back to.
func (c *callback) parsePasted(line pastedLine) (url.Values, error) {
	if errors.Is(line.err, io.EOF) {
		return nil, errcode.Errorf(errcode.PastedAddress, "no address was pasted")
	}
	if line.err != nil {
		return nil, fmt.Errorf("read the pasted address: %w", line.err)
	}
	u, err := url.Parse(line.text)
	if err != nil || u.Scheme != c.url.Scheme || u.Host != c.url.Host || u.Path != c.url.Path {
		return nil, errcode.Errorf(errcode.PastedAddress, "the pasted text is not the address that the browser was sent back to, which begins with %s", c.url)
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return nil, errcode.Errorf(errcode.PastedAddress, "the pasted address is damaged")
	}
	return query, nil
}
