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

// known are the operations that a public page documents, or that change something.
// All others read, and nothing documents them.
func known() []Operation {
	return []Operation{
		{dialect.GetProfile, "get-profile", Reads},
		{dialect.ConnectAccount, "connect-account", Once},
		{dialect.GetConnectedAccountByToken, "by-token", Reads},
		{dialect.ListConnectedAccounts, "by-appid-or-accountid", Reads},
		{dialect.GetAction, "action-detail-by-id", Reads},
		{dialect.CreateConnect, "", Once},
		{dialect.RunTest, "", Once},
		{dialect.EditTriggerOptions, "", Repeatable},
		{dialect.EditActionOptions, "", Repeatable},
		{dialect.TurnOnConnect, "", Repeatable},
		{dialect.TurnOffConnect, "", Repeatable},
		{dialect.UpdateConnectName, "", Repeatable},
		{dialect.DeleteConnect, "", Repeatable},
	}
}

// OperationOf returns what is known of an operation.
func OperationOf(name dialect.Operation) Operation {
	for _, op := range known() {
		if op.Name == name {
			return op
		}
	}
	return Operation{Name: name}
}

// Operations returns all operations in the order of the reference.
func Operations() []Operation {
	var table []Operation
	for _, name := range dialect.Operations() {
		table = append(table, OperationOf(name))
	}
	return table
}
