package main

import (
	"fmt"
	"strings"

	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
)

// problems renders the register. The heading of an entry is its code alone,
// because messages link to it and an anchor is made of the whole heading.
func problems(groups []errcode.Group) string {
	var b strings.Builder
	for _, group := range groups {
		fmt.Fprintf(&b, "## %s\n\n", group.Title)
		for _, entry := range group.Entries {
			fmt.Fprintf(&b, "### %s\n\n**%s** %s\n\n%s", entry.Code, sentence(entry.Title), entry.Cause, entry.Cure)
			if guide := entry.Guide; guide != "" {
				fmt.Fprintf(&b, " See [%s](%s.md).", strings.ToUpper(guide[:1])+strings.ReplaceAll(guide[1:], "-", " "), guide)
			}
			b.WriteString("\n\n")
		}
	}
	return strings.TrimRight(b.String(), "\n")
}

func sentence(title string) string {
	if strings.HasSuffix(title, "?") {
		return title
	}
	return title + "."
}
