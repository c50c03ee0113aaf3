package provider_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// update has the golden file written anew.
var update = flag.Bool("update", false, "write testdata/schema.json from the schema of the provider")

// schemaTimeout leaves room for compiling the command on a slow machine.
const schemaTimeout = 5 * time.Minute

// The names, types and behavior of attributes are what configurations and
// states of users rest on, so that a change of them has to show in a review.
// Descriptions are left out: docs/ shows those.
func TestSchemaIsTheOneThatWasReviewed(t *testing.T) {
	t.Parallel()
	golden := filepath.Join("testdata", "schema.json")
	current := currentSchema(t)
	if *update {
		if err := os.WriteFile(golden, current, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	reviewed, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(reviewed), string(current)); diff != "" {
		t.Errorf("the schema has changed; if that is meant, run `go test ./internal/provider -run TestSchema -update` (-reviewed +current):\n%s", diff)
	}
}

// currentSchema asks the command that the documentation is generated with.
func currentSchema(t *testing.T) []byte {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), schemaTimeout)
	defer cancel()
	var stdout, stderr bytes.Buffer

	command := exec.CommandContext(ctx, "go", "run", "../dev/docgen", "schema")
	command.Stdout, command.Stderr = &stdout, &stderr
	if err := command.Run(); err != nil {
		t.Fatalf("%v: %s", err, &stderr)
	}
	text, err := json.MarshalIndent(withoutDescriptions(parse(t, stdout.Bytes())), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return append(text, '\n')
}

func parse(t *testing.T, text []byte) any {
	t.Helper()
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		t.Fatal(err)
	}
	return value
}

// withoutDescriptions drops the texts. An attribute may be named like one of
// these keys, and then its value is an object.
func withoutDescriptions(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for key, member := range v {
			if _, text := member.(string); text && (key == "description" || key == "description_kind") {
				delete(v, key)
				continue
			}
			v[key] = withoutDescriptions(member)
		}
	case []any:
		for i, element := range v {
			v[i] = withoutDescriptions(element)
		}
	}
	return value
}
