package errcode

import (
	"embed"
	"path"
	"regexp"
	"strings"
)

// files holds one document for each group of codes, in the order of the codes. An
// entry is a heading with the code, and then a paragraph each for title, cause, fix
// and, where there is one, guide.
//
//go:embed register/*.md
var files embed.FS

// Entry explains a code. Its texts are Markdown.
type Entry struct {
	Code Code
	// Title is the summary of the message.
	Title string
	Cause string
	// Fix is the next step to take. Words in capitals, such as PROFILE, stand for
	// what the error knows.
	Fix string
	// Guide is the page that says more, such as "secrets"; empty for none.
	Guide string
}

// Group holds the codes that begin with the same two digits.
type Group struct {
	Title   string
	Entries []Entry
}

// Groups returns the whole register in the order of the codes.
func Groups() []Group {
	var groups []Group
	for _, text := range documents() {
		groups = append(groups, parse(text))
	}
	return groups
}

// Page is the register as the page on troubleshooting prints it.
func Page() string { return strings.TrimSpace(strings.Join(documents(), "\n")) }

// Explain returns the entry of a code; a code that is not registered has an
// empty one.
func Explain(code Code) Entry {
	for _, text := range documents() {
		if !strings.Contains(text, "### "+string(code)+"\n") {
			continue
		}
		for _, entry := range parse(text).Entries {
			if entry.Code == code {
				return entry
			}
		}
	}
	return Entry{}
}

func documents() []string {
	entries, err := files.ReadDir("register")
	if err != nil {
		panic(err) // The folder is part of the program.
	}
	texts := make([]string, len(entries))
	for i, entry := range entries {
		text, err := files.ReadFile(path.Join("register", entry.Name()))
		if err != nil {
			panic(err)
		}
		texts[i] = string(text)
	}
	return texts
}

// parse reads one document. A part that is not there is empty.
func parse(text string) Group {
	var group Group
	for paragraph := range strings.SplitSeq(text, "\n\n") {
		paragraph = strings.Join(strings.Fields(paragraph), " ")
		if title, ok := strings.CutPrefix(paragraph, "## "); ok {
			group.Title = title
			continue
		}
		if code, ok := strings.CutPrefix(paragraph, "### "); ok {
			group.Entries = append(group.Entries, Entry{Code: Code(code)})
			continue
		}
		if last := len(group.Entries) - 1; last >= 0 {
			group.Entries[last].add(paragraph)
		}
	}
	return group
}

// add fills the next part of an entry.
func (e *Entry) add(paragraph string) {
	guide, isGuide := strings.CutPrefix(paragraph, "See [")
	switch {
	case e.Title == "":
		e.Title = strings.Trim(paragraph, "*")
	case e.Cause == "":
		e.Cause = paragraph
	case e.Fix == "":
		e.Fix = paragraph
	case isGuide:
		_, guide, _ = strings.Cut(guide, "](")
		e.Guide = strings.TrimSuffix(guide, ".md).")
	}
}

// plain is Markdown as a terminal shows it: without marks, and with the address
// of a link behind its text.
func plain(markdown string) string {
	link := regexp.MustCompile(`\[([^\]]+)\]\(([a-z-]+)\.md\)`)
	return strings.ReplaceAll(link.ReplaceAllString(markdown, "$1 ("+guides+"$2)"), "`", "")
}

// fill puts what an error knows in place of a word in capitals. A command is
// repeated for each of several values.
func fill(fix, word string, values ...string) string {
	command := regexp.MustCompile("`[^`]*\\b" + word + "\\b[^`]*`")
	return command.ReplaceAllStringFunc(fix, func(text string) string {
		commands := make([]string, len(values))
		for i, value := range values {
			commands[i] = strings.ReplaceAll(text, word, value)
		}
		return strings.Join(commands, ", or ")
	})
}
