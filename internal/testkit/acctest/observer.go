package acctest

import (
	"net/url"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/contract"
)

// maxViolations bounds what one test prints; a fault in a shared place would
// otherwise bury the rest of the output.
const maxViolations = 10

// loadContract compiles the contract once for the whole test binary.
var loadContract = sync.OnceValues(contract.Load)

// observe returns a function for simulator.Config.Observe that fails the test for
// every exchange that broke the contract. The service ends before the test does.
func observe(t *testing.T, next func(simulator.Exchange)) func(simulator.Exchange) {
	t.Helper()
	document, err := loadContract()
	if err != nil {
		t.Fatalf("load the contract: %v", err)
	}
	var broken atomic.Int64
	return func(exchange simulator.Exchange) {
		for _, violation := range violations(document, exchange) {
			if broken.Add(1) <= maxViolations {
				t.Errorf("contract broken: %s", violation)
			}
		}
		if next != nil {
			next(exchange)
		}
	}
}

// violations holds every request to the contract, and every answer that the
// service gave of its own accord.
func violations(document *contract.Document, e simulator.Exchange) (found []string) {
	_, requestErr, answerErr := document.Validate(contract.Exchange{
		Method: e.Method, Path: (&url.URL{Path: e.Path}).EscapedPath(), Query: e.Query,
		RequestHeader: e.RequestHeader, RequestBody: e.RequestBody,
		Status: e.Status, ResponseHeader: e.ResponseHeader, ResponseBody: e.ResponseBody,
	})
	if requestErr != nil {
		found = append(found, "request: "+requestErr.Error())
	}
	if answerErr != nil && e.Status != 0 && e.Fault.InContract() {
		found = append(found, "answer: "+answerErr.Error())
	}
	return found
}
