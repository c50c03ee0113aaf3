// Package page renders what a person sees of the simulated service in a browser:
// the page that shows the service while Terraform works, and the pages that ask
// for a permission.
//
// It knows nothing of the service: a [View] goes in, HTML comes out. Nothing is
// loaded from elsewhere, and everything but the live updates works without
// JavaScript.
package page

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"strings"
	"time"
)

// Paths of what belongs to the pages. They are no operations of the contract.
const (
	Prefix      = "/_page/"
	ChangesPath = Prefix + "changes" // server-sent events, one for each change
	DoPath      = Prefix + "do"      // takes the buttons
)

//go:embed assets/style.css assets/live.js assets/icon.svg
var assets embed.FS

//go:embed overview.html connects.html aside.html dialog.html
var templates embed.FS

// Pages renders pages. Any number of goroutines may use it.
type Pages struct{ set *template.Template }

// New parses the templates.
func New() (*Pages, error) {
	set := template.New("pages").Funcs(template.FuncMap{
		"clock": func(t time.Time) string { return t.UTC().Format(time.TimeOnly) },
		"stamp": func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"full":  func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") },
	})
	set, err := set.ParseFS(templates, "*.html")
	if err != nil {
		return nil, fmt.Errorf("parse the templates: %w", err)
	}
	return &Pages{set: set}, nil
}

// Overview renders the page that shows the service.
func (p *Pages) Overview(v View) ([]byte, error) { return p.render("overview", v) }

// Dialog is a page that says something and may ask for a decision.
type Dialog struct {
	Title, Text string
	Code        string            // to be copied
	Back        string            // where a link leads
	Action      string            // where the answer goes; empty asks nothing
	Hidden      map[string]string // what the form repeats
}

// Dialog renders a page that says or asks something.
func (p *Pages) Dialog(d Dialog) ([]byte, error) { return p.render("dialog", d) }

func (p *Pages) render(name string, data any) ([]byte, error) {
	var out bytes.Buffer
	if err := p.set.ExecuteTemplate(&out, name, data); err != nil {
		return nil, fmt.Errorf("render a page: %w", err)
	}
	return out.Bytes(), nil
}

// Asset returns a file that a page refers to by its path below Prefix, and its
// content type.
func Asset(path string) (content []byte, contentType string, found bool) {
	name := strings.TrimPrefix(path, Prefix)
	types := map[string]string{
		"style.css": "text/css; charset=utf-8",
		"live.js":   "text/javascript; charset=utf-8",
		"icon.svg":  "image/svg+xml",
	}
	contentType, found = types[name]
	if !found {
		return nil, "", false
	}
	content, err := fs.ReadFile(assets, "assets/"+name)
	return content, contentType, err == nil
}

// Header returns what every answer to a browser carries. A form may lead
// anywhere, because the answer to an authorization redirects to the client.
// Browsers send the Origin of a form only with a referrer policy that allows it.
func Header(contentType string) http.Header {
	return http.Header{
		"Content-Type": {contentType},
		"Content-Security-Policy": {"default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; " +
			"img-src 'self'; base-uri 'none'; frame-ancestors 'none'"},
		"X-Content-Type-Options":     {"nosniff"},
		"Referrer-Policy":            {"same-origin"},
		"Cross-Origin-Opener-Policy": {"same-origin"},
		"Cache-Control":              {"no-store"},
	}
}
