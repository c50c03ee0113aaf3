package dialect

import (
	"bytes"
	"fmt"
	"maps"
	"slices"

	"go.yaml.in/yaml/v3"
)

// Found is a request that was found to work, and a comment about it.
type Found struct{ Request, Comment string }

// Overlay sets requests in the text of a document, which may be empty, and keeps
// what else it says. The notes are comments at the top.
func Overlay(base []byte, found map[Operation]Found, notes ...string) ([]byte, error) {
	var document yaml.Node
	if err := yaml.Unmarshal(base, &document); err != nil {
		return nil, fmt.Errorf("read the dialect: %w", err)
	}
	if len(document.Content) == 0 {
		document = yaml.Node{Kind: yaml.DocumentNode, Content: []*yaml.Node{{Kind: yaml.MappingNode}}}
	}
	root := document.Content[0]
	for _, op := range slices.Sorted(maps.Keys(found)) {
		*memberNode(memberNode(memberNode(root, "operations"), string(op)), "request") = yaml.Node{
			Kind: yaml.ScalarNode, Style: yaml.DoubleQuotedStyle, Value: found[op].Request, LineComment: found[op].Comment,
		}
	}
	var out bytes.Buffer
	for _, note := range notes {
		_, _ = fmt.Fprintf(&out, "# %s\n", note)
	}
	if len(root.Content) == 0 {
		return out.Bytes(), nil
	}
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := encoder.Encode(&document); err != nil {
		return nil, fmt.Errorf("write the dialect: %w", err)
	}
	return out.Bytes(), nil
}

// memberNode is the value of a mapping's member, which is made where there is none.
func memberNode(mapping *yaml.Node, name string) *yaml.Node {
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == name {
			mapping.Content[i+1].Style &^= yaml.FlowStyle
			return mapping.Content[i+1]
		}
	}
	value := &yaml.Node{Kind: yaml.MappingNode}
	mapping.Content = append(mapping.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: name}, value)
	return value
}
