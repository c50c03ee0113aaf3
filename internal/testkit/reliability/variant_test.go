package reliability_test

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

// variant is one way to break an operation.
type variant struct {
	name  string
	fault simulator.Fault
	// deaf faults leave the client without an end of the answer, so that only its
	// own deadline helps.
	deaf bool
	// harmless faults must not even be noticed.
	harmless bool
	// lie tells that the service answers what is not so. No client can tell at
	// once; what counts is that nothing is lost and the next apply mends it.
	lie bool
}

func variants() []variant {
	status := func(name string, code int) variant {
		return variant{name: name, fault: simulator.Fault{Kind: simulator.FaultStatus, Status: code}}
	}
	plain := func(kind simulator.FaultKind) variant {
		return variant{name: string(kind), fault: simulator.Fault{Kind: kind}}
	}
	all := []variant{
		status("status_401", http.StatusUnauthorized), status("status_404", http.StatusNotFound),
		status("status_429", http.StatusTooManyRequests), status("status_500", http.StatusInternalServerError),
		status("status_503", http.StatusServiceUnavailable),
		{name: "lying_total_low", fault: simulator.Fault{Kind: simulator.FaultLyingTotal, TotalBy: -1}},
	}
	for _, kind := range simulator.FaultKinds() {
		one := plain(kind)
		switch kind {
		case simulator.FaultStatus:
			continue
		case simulator.FaultDelay:
			// Longer than the deadline, and carried out all the same.
			one.fault.Delay, one.deaf = time.Hour, true
		case simulator.FaultHang:
			one.deaf = true
		case simulator.FaultSlowDrip:
			one.fault.Every, one.deaf = time.Hour, true
		case simulator.FaultLateCommit:
			one.fault.After = lateBy
		case simulator.FaultNotApplied, simulator.FaultStaleList:
			one.lie = true
		case simulator.FaultMaskedValues, simulator.FaultExtraKeys, simulator.FaultReordered, simulator.FaultNumbersForStrings:
			one.harmless = true
		default:
		}
		all = append(all, one)
	}
	slices.SortFunc(all, func(a, b variant) int { return strings.Compare(a.name, b.name) })
	return all
}

// lateBy is how long after a 504 the service does what was asked.
const lateBy = 2 * time.Second

const listConnects = "list_connects"

// fits reports whether the variant means anything to an operation. A missing
// meaning is a cell that could not fail.
func (v variant) fits(operation string, answers []string) bool {
	login := operation == "create_token"
	contains := func(part string) bool {
		return slices.ContainsFunc(answers, func(answer string) bool { return strings.Contains(answer, part) })
	}
	switch v.fault.Kind {
	case simulator.FaultShrunkPage, simulator.FaultRepeatedPage, simulator.FaultLyingTotal, simulator.FaultStaleList:
		return simulator.Paged(operation)
	case simulator.FaultShiftedPage:
		// The first page cannot be shifted, so that a listing of one page never meets it.
		return operation == listConnects
	case simulator.FaultNotApplied:
		return slices.Contains(writes(), operation)
	case simulator.FaultLateCommit:
		return operation == "create_connect" || operation == "run_test"
	case simulator.FaultFailedTest:
		return operation == "run_test"
	case simulator.FaultMaskedValues:
		return contains(`"options":{"`)
	case simulator.FaultUnknownStatus:
		return contains(`"status":"`)
	case simulator.FaultNumbersForStrings, simulator.FaultExtraKeys, simulator.FaultReordered:
		return true
	default:
		return !login || v.fault.Status != http.StatusNotFound
	}
}

func writes() []string {
	return []string{
		"create_connect", "edit_trigger_options", "edit_action_options", "run_test",
		"turn_on_connect", "turn_off_connect", "update_connect_name", "delete_connect",
	}
}
