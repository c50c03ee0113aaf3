package reliability_test

import (
	"slices"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// perOperation is how many cells of the matrix run for each operation.
const perOperation = 2

// TestMatrixOfForeignDialects runs some cells with services of other dialects.
// APPYPIE_TEST_DIALECT=rpc has TestMatrix run the usual sample with one of them.
func TestMatrixOfForeignDialects(t *testing.T) {
	t.Parallel()
	for _, spoken := range acctest.Dialects() {
		if spoken == simulator.DialectContract {
			continue
		}
		t.Run(string(spoken), func(t *testing.T) {
			t.Parallel()
			whole := subjects()[0]
			whole.spoken = spoken
			changing := slices.DeleteFunc(phases(), func(p phase) bool { return p.name != "create" && p.name != "update" })
			taken := map[string]int{}
			// What waits for a deadline is left to the whole matrix.
			chosen := slices.DeleteFunc(sample(cells(t, []subject{whole}, changing)), func(c cell) bool {
				if c.variant.deaf || c.exempt() != "" || taken[c.operation] == perOperation {
					return true
				}
				taken[c.operation]++
				return false
			})
			t.Logf("%d cells", len(chosen))
			runAll(t, chosen, newTable())
		})
	}
}
