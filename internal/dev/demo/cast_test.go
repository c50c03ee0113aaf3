package main

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// record writes texts, the second half a second after the first and so on.
func record(t *testing.T, texts ...string) *recorder {
	t.Helper()
	at := time.Unix(0, 0)
	tape := &recorder{last: at, now: func() time.Time { at = at.Add(500 * time.Millisecond); return at }}
	for _, text := range texts {
		if n, err := tape.Write([]byte(text)); n != len(text) || err != nil {
			t.Fatalf("wrote %d of %d: %v", n, len(text), err)
		}
	}
	return tape
}

func TestCast(t *testing.T) {
	t.Parallel()
	got, err := record(t, "   first http://127.0.0.1:41234/\n", "\n\x1b[1m1. <Heading>\x1b[0m\n", "   in /var/tmp/appypie-demo-77/x\n").cast()
	want := `{"height":26,"title":"make demo","version":2,"width":96}
[1.5,"o","   first http://127.0.0.1:8787/\r\n"]
[2.7,"o","\r\n"]
[2.76,"o","\u001b[1m1. <Heading>\u001b[0m\r\n"]
[4.26,"o","   in /tmp/appypie-demo/x\r\n"]
`
	if err != nil || string(got) != want {
		t.Errorf("the cast is\n%s(%v) want\n%s", got, err, want)
	}
}

func TestPictureOfACast(t *testing.T) {
	t.Parallel()
	cast, err := record(t, "a <b> & c\n", "\n\x1b[1mbold\x1b[0m and \x1b[32m+\x1b[0m\n").cast()
	if err != nil {
		t.Fatal(err)
	}
	got := string(svg(cast))
	wellFormed(t, got)
	for _, part := range []string{
		`y="19">a &lt;b&gt; &amp; c</text>`, `y="57"><tspan class="c1">bold</tspan> and <tspan class="c32">+</tspan></text>`,
		"animation:t 10.8s step-end infinite", "13.94%{transform:translateY(475px)}", "25.65%{transform:translateY(437px)}",
		"prefers-reduced-motion",
	} {
		if !strings.Contains(got, part) {
			t.Errorf("the picture lacks %s:\n%s", part, got)
		}
	}
}

func wellFormed(t *testing.T, text string) {
	t.Helper()
	decoder := xml.NewDecoder(strings.NewReader(text))
	for {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("the picture is no XML: %v", err)
		}
	}
}

// TestStoredPicture holds the picture in the README to the recording beside it.
func TestStoredPicture(t *testing.T) {
	t.Parallel()
	const most = 300_000
	assets := filepath.Join("..", "..", "..", "assets")
	cast, err := os.ReadFile(filepath.Join(assets, "demo.cast"))
	if err != nil {
		t.Fatal(err)
	}
	picture, err := os.ReadFile(filepath.Join(assets, "demo.svg"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(picture, svg(cast)) {
		t.Error("assets/demo.svg is not what assets/demo.cast becomes; run `make cast`")
	}
	if len(picture) > most {
		t.Errorf("the picture has %d bytes, more than %d", len(picture), most)
	}
	wellFormed(t, string(picture))
	for line := range bytes.Lines(cast) {
		if !json.Valid(line) {
			t.Errorf("no JSON: %s", line)
		}
	}
	if !bytes.Contains(cast, []byte("Done: 3 connects made")) {
		t.Error("the recording does not come to the end")
	}
}

// TestSave writes both files.
func TestSave(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	tape := record(t, "x\n")
	if err := tape.save(filepath.Join(dir, "a.cast")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a.cast", "a.svg"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
	if err := tape.save(filepath.Join(dir, "none", "a.cast")); err == nil {
		t.Error("a folder that does not exist was written to")
	}
}
