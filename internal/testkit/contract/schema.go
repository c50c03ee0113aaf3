package contract

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// documentURL names the document inside the schema compiler; nothing is fetched.
const documentURL = "mem:///openapi.json"

const (
	// maxFindings is how many places one message names.
	maxFindings = 3
	// maxText is how many bytes of a value or a reason a message shows.
	maxText = 120
)

// compile compiles the schemas of everything that Validate looks at.
func compile(source *openapi3.T, operations []*Operation) (map[*openapi3.Schema]*jsonschema.Schema, error) {
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	compiler.AssertFormat()
	compiled, err := map[*openapi3.Schema]*jsonschema.Schema{}, addResource(compiler, documentURL, source)
	one := func(ref *openapi3.SchemaRef) {
		if err != nil || compiled[ref.Value] != nil {
			return
		}
		name := fmt.Sprintf("mem:///%d.json", len(compiled))
		if err = addResource(compiler, name, ref); err == nil {
			compiled[ref.Value], err = compiler.Compile(name)
		}
	}
	content := func(all openapi3.Content) {
		for _, media := range all {
			one(media.Schema)
		}
	}
	for _, op := range operations {
		for _, p := range op.def.Parameters {
			one(p.Value.Schema)
		}
		if op.def.RequestBody != nil {
			content(op.def.RequestBody.Value.Content)
		}
		for _, answer := range op.def.Responses.Map() {
			content(answer.Value.Content)
			for _, header := range answer.Value.Headers {
				one(header.Value.Schema)
			}
		}
	}
	return compiled, err
}

// addResource gives a part of the document to the compiler. Its references to
// components mean those of the whole document.
func addResource(compiler *jsonschema.Compiler, name string, part any) error {
	text, err := json.Marshal(part)
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	text = bytes.ReplaceAll(text, []byte(`"#/components/`), []byte(`"`+documentURL+`#/components/`))
	tree, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	return compiler.AddResource(name, tree)
}

// check holds a value to a schema. The error is the end of a line: ": what is
// wrong" for the value as a whole, " /data/status: what is wrong" for a place
// inside.
func (d *Document) check(ref *openapi3.SchemaRef, value any) error {
	err := d.schemas[ref.Value].Validate(value)
	var tree *jsonschema.ValidationError
	if !errors.As(err, &tree) {
		return err
	}
	var lines []string
	findings(tree, func(place, problem string) {
		lines = append(lines, strings.TrimPrefix(place+": "+shorten(problem), ": "))
	})
	slices.Sort(lines)
	if lines = slices.Compact(lines); len(lines) > maxFindings {
		lines = append(lines[:maxFindings], fmt.Sprintf("and %d more", len(lines)-maxFindings))
	}
	separator := ": "
	if strings.HasPrefix(lines[0], "/") {
		separator = " "
	}
	return errors.New(separator + strings.Join(lines, "; "))
}

// findings goes through the leaves of the validator's tree: places, and what is
// wrong there.
func findings(tree *jsonschema.ValidationError, found func(place, problem string)) {
	for _, cause := range tree.Causes {
		findings(cause, found)
	}
	if len(tree.Causes) > 0 {
		return
	}
	place := strings.Join(append([]string{""}, tree.InstanceLocation...), "/")
	// Without its place, the validator's own text is "at '/data': " and the problem.
	_, problem, _ := strings.Cut(tree.Error(), "': ")
	found(place, problem)
}

func shorten(text string) string {
	if len(text) <= maxText {
		return text
	}
	return strings.ToValidUTF8(text[:maxText], "") + "…"
}
