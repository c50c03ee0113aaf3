package acctest

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

// dialectVariable has all tests run against a service of another dialect: rpc or
// rest. It configures the tests and not the provider.
const dialectVariable = "APPYPIE_TEST_DIALECT"

// Dialects are those that the simulated service speaks, the contract's first.
func Dialects() []simulator.Dialect {
	return []simulator.Dialect{simulator.DialectContract, simulator.DialectRPC, simulator.DialectREST}
}

// WithDialect has the simulated service speak a dialect, and gives the provider
// the file of examples/dialects that describes it. Only the exchanges of the
// contract's dialect are held to the contract.
func WithDialect(spoken simulator.Dialect) Option {
	return func(o *options) { o.dialect = spoken }
}

// Dialect returns what the simulated service speaks.
func (e *Env) Dialect() simulator.Dialect { return e.spoken }

// DialectFile is the path of the example file that describes a dialect; empty for
// the contract's, which needs none.
func DialectFile(spoken simulator.Dialect) string {
	if spoken == "" || spoken == simulator.DialectContract {
		return ""
	}
	_, here, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(here), "..", "..", "..", "examples", "dialects", string(spoken)+".yaml")
}

// chooseDialect applies the variable to a test that asks for no dialect itself. A
// test whose service cannot speak so is skipped.
func (o *options) chooseDialect(t *testing.T, cfg *simulator.Config) {
	t.Helper()
	wanted := simulator.Dialect(os.Getenv(dialectVariable))
	if o.dialect == "" && wanted != "" && wanted != simulator.DialectContract {
		if len(cfg.Quirks)+len(cfg.Paths) > 0 || o.noContract != "" {
			t.Skipf("%s=%s: what this test wants of the service is of the contract's dialect", dialectVariable, wanted)
		}
		o.dialect = wanted
	}
	if o.dialect != "" {
		cfg.Dialect = o.dialect
	}
	if file := DialectFile(cfg.Dialect); file != "" {
		o.document = readFile(t, file)
		o.noContract = "the service speaks " + string(cfg.Dialect)
	}
}
