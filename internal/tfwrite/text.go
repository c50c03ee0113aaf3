// Package tfwrite writes Terraform configuration that people go on with: look-ups
// by name in place of ids, comments, and the layout of `terraform fmt`.
package tfwrite

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// Quote is a text as an expression on one line, in which nothing is interpolated.
func Quote(text string) string { return string(hclwrite.TokensForValue(cty.StringVal(text)).Bytes()) }

// Text is a text as an expression: several lines as a heredoc, so that they read as
// they are.
func Text(text string) string {
	if lines := strings.Count(text, "\n"); lines == 0 || strings.Trim(text, "\n") == "" {
		return Quote(text)
	}
	end := "EOT"
	for strings.Contains(text, end) {
		end += "_"
	}
	body := strings.NewReplacer("${", "$${", "%{", "%%{").Replace(text)
	heredoc := "<<" + end + "\n" + body + end + "\n"
	if !strings.HasSuffix(text, "\n") {
		// chomp takes off what the last line of a heredoc has to have.
		heredoc = "chomp(<<" + end + "\n" + body + "\n" + end + "\n)"
	}
	if printable(text) && says(strings.TrimPrefix(strings.TrimSuffix(heredoc, "\n)"), "chomp(")+"\n", withNewline(text)) {
		return strings.TrimSuffix(heredoc, "\n")
	}
	return Quote(text)
}

func withNewline(text string) string { return strings.TrimSuffix(text, "\n") + "\n" }

// printable reports whether a text looks the same in an editor: a heredoc has no
// way to write anything else.
func printable(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r != '\n' && r != '\t' && !unicode.IsPrint(r) }) &&
		!strings.Contains(text, " \n") && !strings.Contains(text, "\t\n")
}

// says reports whether an expression is a text, as Terraform reads it.
func says(expression, text string) bool {
	parsed, diags := hclsyntax.ParseExpression([]byte(expression), "", hcl.InitialPos)
	if diags.HasErrors() {
		return false
	}
	value, diags := parsed.Value(nil)
	return !diags.HasErrors() && value.Type() == cty.String && value.IsKnown() && !value.IsNull() && value.AsString() == text
}

// Key is a key of an object or a map.
func Key(key string) string {
	// In an object, for is the beginning of an expression and null a mistake.
	if hclsyntax.ValidIdentifier(key) && key != "for" && key != "null" && key != "true" && key != "false" {
		return key
	}
	return Quote(key)
}

// OneLine is a text for a comment: on one line, and without what an editor would
// not show.
func OneLine(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }), " ")
}

// Format lays a configuration out as `terraform fmt` does.
func Format(text string) []byte { return hclwrite.Format([]byte(text)) }

// Names gives out labels, each once.
type Names struct{ taken map[string]bool }

// Take marks a label as taken, such as one that another file has.
func (n *Names) Take(kind, label string) {
	if n.taken == nil {
		n.taken = map[string]bool{}
	}
	n.taken[kind+"."+label] = true
}

// Pick returns a label for an object of a kind that nothing else of the kind has.
func (n *Names) Pick(kind, wanted, otherwise string) string {
	base := Label(wanted)
	if base == "" {
		base = otherwise
	}
	label := base
	for i := 2; n.taken[kind+"."+label]; i++ {
		label = fmt.Sprintf("%s_%d", base, i)
	}
	n.Take(kind, label)
	return label
}

// maxLabel bounds a label, in characters.
const maxLabel = 60

// Label makes a label of a name: its letters and digits in lower case. A name
// that has no Latin letters or digits has none.
func Label(name string) string {
	bare, _, err := transform.String(transform.Chain(norm.NFKD, runes.Remove(runes.In(unicode.Mn))), name)
	if err != nil {
		bare = name
	}
	words := strings.FieldsFunc(strings.ToLower(bare), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	label := strings.Join(words, "_")
	if len(label) > maxLabel {
		label = strings.TrimRight(label[:maxLabel], "_")
	}
	if label != "" && label[0] <= '9' {
		label = "n" + label
	}
	return label
}

// TakeFile marks the labels of a file's blocks as taken, and reports whether it
// configures this provider or says where it comes from.
func (n *Names) TakeFile(name string, text []byte) (configures bool, err error) {
	file, diags := hclsyntax.ParseConfig(text, name, hcl.InitialPos)
	if diags.HasErrors() {
		return false, diags
	}
	body, ok := file.Body.(*hclsyntax.Body)
	if !ok {
		return false, nil
	}
	for _, block := range body.Blocks {
		switch {
		case block.Type == "provider" && len(block.Labels) == 1:
			configures = configures || block.Labels[0] == "appypie"
		case block.Type == "variable" && len(block.Labels) == 1:
			n.Take("variable", block.Labels[0])
		case len(block.Labels) == 2: //nolint:mnd // the type and the label.
			n.Take(block.Labels[0], block.Labels[1])
		case block.Type == "terraform":
			for _, inner := range block.Body.Blocks {
				_, names := inner.Body.Attributes["appypie"]
				configures = configures || inner.Type == "required_providers" && names
			}
		}
	}
	return configures, nil
}
