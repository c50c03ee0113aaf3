package docscheck

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"sync"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/tfrun"
)

// programs are built once for all tests.
var programs struct {
	once sync.Once
	dir  string
	err  error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if programs.dir != "" {
		_ = os.RemoveAll(programs.dir)
	}
	os.Exit(code)
}

// program is the path of a program of this module: the provider, the companion
// command, or the one that prints the schema.
func program(t *testing.T, name string) string {
	t.Helper()
	programs.once.Do(func() {
		//nolint:usetesting // it outlives the test, because other tests use it too.
		if programs.dir, programs.err = os.MkdirTemp("", "appypie-docscheck-"); programs.err != nil {
			return
		}
		ctx := context.WithoutCancel(t.Context())
		_, programs.err = tfrun.MustCall(ctx, tfrun.Command(ctx, root, os.Environ(),
			"go", "build", "-o", programs.dir+string(filepath.Separator), ".", "./cmd/appypie", "./internal/dev/docgen"))
	})
	if programs.err != nil {
		t.Fatal(programs.err)
	}
	return filepath.Join(programs.dir, tfrun.Executable(name))
}

// output runs a program that has to succeed.
func output(t *testing.T, name string, args ...string) string {
	t.Helper()
	text, err := tfrun.MustCall(t.Context(), tfrun.Command(t.Context(), t.TempDir(), os.Environ(), program(t, name), args...))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return text
}

// theSchema is the provider's schema, asked for once.
var theSchema struct {
	once   sync.Once
	schema *tfjson.ProviderSchema
}

// schema is what the provider says of itself, as the pages are generated from it.
func schema(t *testing.T) *tfjson.ProviderSchema {
	t.Helper()
	theSchema.once.Do(func() {
		var document tfjson.ProviderSchemas
		if err := json.Unmarshal([]byte(output(t, "docgen", "schema")), &document); err != nil {
			t.Fatal(err)
		}
		theSchema.schema = document.Schemas["appypie"]
	})
	if theSchema.schema == nil {
		t.Fatal("there is no schema; another test says why")
	}
	return theSchema.schema
}
