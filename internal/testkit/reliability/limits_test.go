package reliability_test

// exception is cells that do not run, and why. An empty phase or subject is any.
type exception struct{ subject, phase, operation, fault, reason string }

// limits are lies that nobody could tell without asking again after each write,
// or without ever believing a read. The guide names them.
func limits() []exception {
	return []exception{
		{operation: "delete_connect", fault: "not_applied", reason: "a deletion that answers success is believed"},
		{
			subject: "appypie_connect_activation", phase: "delete", operation: "list_connects", fault: "stale_list",
			reason: "a connect that every listing shows as off is not turned off",
		},
	}
}

// exempt is why a cell does not run, or empty.
func (c cell) exempt() string {
	for _, e := range limits() {
		if e.operation == c.operation && e.fault == c.variant.name &&
			(e.phase == "" || e.phase == c.phase.name) && (e.subject == "" || e.subject == c.subject.typeName) {
			return e.reason
		}
	}
	return ""
}
