package docscheck

import (
	"net/url"
	"path"
	"strings"
	"testing"
)

func TestLinksLeadSomewhere(t *testing.T) {
	t.Parallel()
	r := repo(t)
	inside, outside := 0, 0
	for _, p := range r.pages {
		for _, link := range p.links {
			if strings.Contains(link.text, ":") {
				outside++
			} else {
				inside++
			}
			if reason := r.brokenLink(p, link.text); reason != "" {
				report(t, []finding{{p.name, link.text, reason, link.line}})
			}
		}
	}
	t.Logf("%d pages: %d links within the repository, %d to elsewhere, of which only the shape was looked at", len(r.pages), inside, outside)
	if inside < 50 {
		t.Errorf("only %d links were found", inside)
	}
}

// brokenLink says why a link on a page leads nowhere.
func (r *repository) brokenLink(p page, target string) string {
	parsed, err := url.Parse(target)
	if err != nil {
		return "is not a URL"
	}
	if parsed.Scheme != "" || parsed.Host != "" {
		loopback := parsed.Hostname() == "127.0.0.1" && parsed.Scheme == "http"
		if parsed.Scheme == "mailto" || loopback || parsed.Scheme == "https" && strings.Contains(parsed.Host, ".") {
			return ""
		}
		return "is neither https nor a page on this machine"
	}
	there := p.name
	if parsed.Path != "" {
		there = path.Join(path.Dir(p.name), parsed.Path)
	}
	if r.dirs[there] {
		return ""
	}
	if !r.files[there] {
		return "there is no " + there
	}
	// The registry shows docs/ and nothing beside it.
	if strings.HasPrefix(p.name, "docs/") && !strings.HasPrefix(there, "docs/") {
		return "leaves docs/, which is all that a registry shows"
	}
	if parsed.Fragment == "" || path.Ext(there) != ".md" {
		return ""
	}
	for _, other := range r.pages {
		if other.name == there && !other.anchors[parsed.Fragment] {
			return "there is no heading #" + parsed.Fragment + " on " + there
		}
	}
	return ""
}
