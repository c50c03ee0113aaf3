package dialect

import (
	"bytes"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// TestMembersDocument holds MEMBERS.md to the code: UPDATE=1 writes it.
func TestMembersDocument(t *testing.T) {
	t.Parallel()
	want := reference()
	const file = "MEMBERS.md"
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(file, want, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("MEMBERS.md is not what the code says (%v); write it with UPDATE=1 go test -run MembersDocument", err)
	}
}

// TestArguments: each argument that is documented is one of an operation.
func TestArguments(t *testing.T) {
	t.Parallel()
	known := []string{"id"}
	for _, argument := range Arguments() {
		known = append(known, argument.Name)
		if len(argument.Operations) == 0 && argument.Name != "id" {
			t.Errorf("no operation has the argument %s", argument.Name)
		}
	}
	for _, row := range table() {
		for _, name := range row.offered() {
			if !slices.Contains(known, name) {
				t.Errorf("%s of %s is not documented", name, row.name)
			}
		}
	}
}

// reference is a Markdown page of what a document can use: the arguments of the
// operations, and the canonical members that shapes yield.
func reference() []byte {
	var out bytes.Buffer
	out.WriteString("# What a dialect can use\n\n## Operations\n\nAn argument with `?` is not always given. Of `a|b` one must be sent; one with `~` need not be.\n\n| operation | answers with | arguments |\n|---|---|---|\n")
	for _, row := range table() {
		what := map[answers]string{one: "one ", list: "a page of ", unpaged: "all of ", written: "perhaps the "}[row.answers] + row.shape
		args := row.args
		if row.answers == list {
			args = strings.TrimSpace(args + " " + strings.Join(paging(), "~ ") + "~")
		}
		fmt.Fprintf(&out, "| %s | %s | %s |\n", row.name, what, strings.ReplaceAll(args, "|", `\|`))
	}
	out.WriteString("\n## Arguments\n\n| argument | meaning |\n|---|---|\n")
	for _, argument := range Arguments() {
		fmt.Fprintf(&out, "| %s | %s |\n", argument.Name, argument.Meaning)
	}
	out.WriteString("\n## Shapes\n\nA program yields every member of its shape: null for what the service does not show, empty text for what it shows that there is none of. A needed member is never null. Text may be a number or a boolean.\n\n| member | value | needed |\n|---|---|---|\n")
	named := map[reflect.Type]string{}
	for _, s := range shapes() {
		named[s.typ] = s.name
	}
	for _, s := range shapes() {
		planOf(s.typ, s.name, named).describe(&out, s.name)
	}
	return out.Bytes()
}

func (p *plan) describe(out *bytes.Buffer, path string) {
	for _, f := range p.fields {
		t := f.typ
		if t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		member, value := path+"."+f.name, map[reflect.Kind]string{
			reflect.String: "text", reflect.Bool: "true or false", reflect.Int: "whole number", reflect.Map: "object of any JSON", reflect.Slice: "list of text",
		}[t.Kind()]
		own := f.in != nil && f.in.shape != p.shape
		many := t.Kind() == reflect.Slice
		switch {
		case own && many:
			value = "list of " + f.in.shape
		case own:
			value = f.in.shape
		case f.in != nil && many:
			member, value = member+"[]", "list of objects"
		case f.in != nil:
			value = "object"
		case f.json:
			value = "any JSON"
		}
		fmt.Fprintf(out, "| %s | %s | %s |\n", strings.TrimSuffix(member, "[]"), value, map[bool]string{true: "yes"}[f.need])
		if f.in != nil && !own {
			f.in.describe(out, member)
		}
	}
}
