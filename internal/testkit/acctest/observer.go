package acctest

import (
	"net/url"
	"sync"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/contract"
)

// maxViolations bounds what one test prints; a fault in a shared place would
// otherwise bury the rest of the output.
const maxViolations = 10

// loadContract compiles the contract once for the whole test binary.
var loadContract = sync.OnceValues(contract.Load)

// observer holds exchanges to the contract.
type observer struct {
	document *contract.Document

	mu         sync.Mutex
	violations []string
}

// observe returns a function for simulator.Config.Observe that fails the test at
// its end for every exchange that broke the contract.
func observe(t *testing.T, next func(simulator.Exchange)) func(simulator.Exchange) {
	t.Helper()
	document, err := loadContract()
	if err != nil {
		t.Fatalf("load the contract: %v", err)
	}
	o := &observer{document: document}
	t.Cleanup(func() { o.report(t) })
	return func(exchange simulator.Exchange) {
		o.check(exchange)
		if next != nil {
			next(exchange)
		}
	}
}

// check holds every request to the contract, and every answer that the service
// gave of its own accord.
func (o *observer) check(e simulator.Exchange) {
	_, requestErr, answerErr := o.document.Validate(contract.Exchange{
		Method: e.Method, Path: (&url.URL{Path: e.Path}).EscapedPath(), Query: e.Query,
		RequestHeader: e.RequestHeader, RequestBody: e.RequestBody,
		Status: e.Status, ResponseHeader: e.ResponseHeader, ResponseBody: e.ResponseBody,
	})
	if requestErr != nil {
		o.add("request: " + requestErr.Error())
	}
	if answerErr != nil && e.Status != 0 && e.Fault.InContract() {
		o.add("answer: " + answerErr.Error())
	}
}

func (o *observer) add(violation string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.violations = append(o.violations, violation)
}

func (o *observer) report(t *testing.T) {
	t.Helper()
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, violation := range o.violations[:min(len(o.violations), maxViolations)] {
		t.Errorf("contract broken: %s", violation)
	}
	if more := len(o.violations) - maxViolations; more > 0 {
		t.Errorf("contract broken: and %d more", more)
	}
}
