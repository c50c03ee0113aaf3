package dialect

import (
	"regexp"
	"slices"
	"strings"
)

// Line is a member of the effective document.
type Line struct {
	Member, Text string
	Place        Place
}

// called finds the names that a program can use as functions.
var called = regexp.MustCompile(`(?:^|[^.$"\w])([a-z_]\w*)`)

// Lines are the members that make an operation's request and read its answer,
// the functions and shapes that they use by name included.
func (d *Dialect) Lines(op Operation) []Line {
	o := d.operations[op]
	if o == nil {
		return nil
	}
	var lines []Line
	add := func(member string) {
		v, there := d.doc[member]
		if !there || slices.ContainsFunc(lines, func(l Line) bool { return l.Member == member }) {
			return
		}
		if v.words != nil {
			v.text = strings.Join(v.words, ", ")
		}
		lines = append(lines, Line{member, v.text, v.place})
	}
	for _, name := range []string{"request", "query", "body", "then.id", "then.request", "then.query", "then.body", "then.until", "then.every"} {
		add("operations." + string(op) + "." + name)
	}
	for _, p := range []*jq{o.answer, o.items, o.total, o.limit, o.next} {
		if p != nil {
			add(p.member)
		}
	}
	add("shapes." + o.row.shape)
	for i := 0; i < len(lines); i++ { //nolint:intrange // the list grows.
		for _, name := range called.FindAllStringSubmatch(lines[i].Text, -1) {
			add("shapes." + name[1])
			for _, head := range d.functions {
				if bare, _, _ := strings.Cut(head, "("); bare == name[1] {
					add("functions." + head)
				}
			}
		}
	}
	switch o.row.shape {
	case "connect":
		add("words.on")
		add("words.off")
	case "test_result":
		add("words.passed")
		add("words.failed")
	}
	add("errors.failed")
	return lines
}

// Shape is the name of what an operation answers with.
func Shape(op Operation) string {
	rows := table()
	if i := slices.IndexFunc(rows, func(row operation) bool { return row.name == op }); i >= 0 {
		return rows[i].shape
	}
	return ""
}
