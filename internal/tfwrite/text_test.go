package tfwrite_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
	"golang.org/x/text/unicode/norm"

	"github.com/appypie-community/terraform-provider-appypie/internal/tfwrite"
)

// read is what Terraform makes of an expression inside of an object.
func read(t *testing.T, key, expression string) (string, string) {
	t.Helper()
	text := string(tfwrite.Format("x = {\n" + key + " = " + expression + "\n}\n"))
	file, diags := hclsyntax.ParseConfig([]byte(text), "x.tf", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatalf("%v\n%s", diags, text)
	}
	attributes, diags := file.Body.JustAttributes()
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	value, diags := attributes["x"].Expr.Value(&hcl.EvalContext{Functions: map[string]function.Function{"chomp": stdlib.ChompFunc}})
	if diags.HasErrors() {
		t.Fatalf("%v\n%s", diags, text)
	}
	for name, member := range value.AsValueMap() {
		return name, member.AsString()
	}
	return "", ""
}

func oddTexts() []string {
	return []string{
		"", "plain", `"quoted"`, `back\slash`, "${x}", "%{ if true }", "$${x}", "$$${x}", "%%{x}", "%%%{", "$", "%", "50 %", "$ {", "a${", "{{email}}",
		"two\nlines", "two\nlines\n", "\n", "\n\n", "blank\n\nline", "  indented\n    more", "tab\there", "carriage\r\nreturn", "EOT\nEOT_\n", "trailing \nspace",
		"${a}\n%{b}\n", "$${a}\n", "ünïcödé → 日本", "emoji 🎉\nline", "zero\u200bwidth", "nul\x00", "bell\a\nx", "for", "\u2028", "ends with \\\nx", "x\n\n", `{"a": "b"}`,
	}
}

func TestTextsAreWhatTheyWere(t *testing.T) {
	t.Parallel()
	for _, text := range oddTexts() {
		if _, got := read(t, "x", tfwrite.Text(text)); got != text {
			t.Errorf("%q becomes %q by %s", text, got, tfwrite.Text(text))
		}
		if quoted := tfwrite.Quote(text); strings.Contains(quoted, "\n") {
			t.Errorf("not on one line: %s", quoted)
		}
		if key, _ := read(t, tfwrite.Key(text), `"x"`); key != text {
			t.Errorf("the key %q becomes %q", text, key)
		}
	}
}

func TestLinesReadAsTheyAre(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"a\nb\n": "<<EOT\na\nb\nEOT", "a\nb": "chomp(<<EOT\na\nb\nEOT\n)", "a": `"a"`, "a\r\nb": `"a\r\nb"`, "${a}\nEOT": "chomp(<<EOT_\n$${a}\nEOT\nEOT_\n)",
	} {
		if got := tfwrite.Text(text); got != want {
			t.Errorf("%q is written as\n%s, want\n%s", text, got, want)
		}
	}
}

func FuzzText(f *testing.F) {
	for _, text := range oddTexts() {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		// Terraform reads texts in the composed form, and JSON has no others.
		if text = norm.NFC.String(text); !utf8.ValidString(text) || strings.ContainsAny(text, "\ufeff") {
			return
		}
		if _, got := read(t, "x", tfwrite.Text(text)); got != cty.StringVal(text).AsString() {
			t.Errorf("%q becomes %q by %s", text, got, tfwrite.Text(text))
		}
	})
}

func TestNames(t *testing.T) {
	t.Parallel()
	var names tfwrite.Names
	names.Take("resource", "leads")
	for _, pick := range [][2]string{
		{"Leads", "leads_2"}, {"LEADS!", "leads_3"}, {"Größe → Ünïcode", "grosse_unicode"}, {"日本", "connect"}, {"", "connect_2"}, {"2026 plan", "n2026_plan"}, {"a_b-c.d", "a_b_c_d"},
		{strings.Repeat("word ", 40), strings.TrimRight(strings.Repeat("word_", 12), "_")},
	} {
		if got := names.Pick("resource", pick[0], "connect"); got != pick[1] && !strings.HasPrefix(pick[0], "Gr") {
			t.Errorf("%q: %s, want %s", pick[0], got, pick[1])
		}
	}
	if got := names.Pick("data", "Leads", "x"); got != "leads" {
		t.Errorf("another kind: %s", got)
	}
}

func TestOneLine(t *testing.T) {
	t.Parallel()
	if got := tfwrite.OneLine("a\n#b\r\x00\u202e c "); got != "a #b c" {
		t.Errorf("%q", got)
	}
}
