// Package connectapi is the client of the Appy Pie Connect API. It knows the
// operations, their order and their errors, and nothing of Terraform.
//
// Most of the API's reference is not public. What the service looks like on the
// wire is data, see package dialect; what may be repeated and what is documented
// is here.
package connectapi

import (
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
)

// Operation is what this client knows of an operation beyond its dialect.
type Operation struct {
	Name dialect.Operation
	// Page is the slug of the public reference page that documents the
	// operation. It is empty where only the operation's title is public, so
	// that method, path and shapes are assumptions.
	Page   string
	Effect Effect
}

// Effect says what may be repeated. It is ours, not the service's: no dialect
// changes it.
type Effect int

const (
	// Reads changes nothing: it is repeated after 429, 500, 502, 503, 504, broken
	// answers and connection errors.
	Reads Effect = iota
	// Repeatable has the same outcome however often it is sent: it is repeated
	// after 429, 502, 503, 504 and connection errors.
	Repeatable
	// Once acts again with each repetition: creating, testing, asking for an
	// account link. It is repeated only when the service says that it did
	// nothing (429, or 503 with Retry-After) or when the request never left.
	Once
)

// Documented reports whether a public reference page states the operation.
func (o Operation) Documented() bool { return o.Page != "" }

// OperationOf returns what is known of an operation. One without a row reads, and
// nothing documents it.
func OperationOf(name dialect.Operation) Operation {
	op := Operation{Name: name}
	switch name {
	case dialect.GetProfile:
		op.Page = "get-profile"
	case dialect.ConnectAccount:
		op.Page, op.Effect = "connect-account", Once
	case dialect.GetConnectedAccountByToken:
		op.Page = "by-token"
	case dialect.ListConnectedAccounts:
		op.Page = "by-appid-or-accountid"
	case dialect.GetAction:
		op.Page = "action-detail-by-id"
	case dialect.CreateConnect, dialect.RunTest:
		op.Effect = Once
	case dialect.EditTriggerOptions, dialect.EditActionOptions, dialect.TurnOnConnect, dialect.TurnOffConnect,
		dialect.UpdateConnectName, dialect.DeleteConnect:
		op.Effect = Repeatable
	}
	return op
}

// Operations returns all operations in the order of the reference.
func Operations() []Operation {
	var table []Operation
	for _, name := range dialect.Operations() {
		table = append(table, OperationOf(name))
	}
	return table
}
