// Package dialect knows what a Connect service looks like on the wire: how each
// operation is asked for and how its answer reads. All of it is data, a YAML
// document whose mappings are jq programs. The embedded default describes the
// Appy Pie Connect API as its reference shows or suggests it; a user's document
// overlays it member by member.
//
// Two pure functions stand around the transport: Render makes a request of an
// operation and its arguments, and One, List and Written make our own types of
// an answer. An answer that does not say what an operation needs is a
// MissingError that names the line to change. Nothing is filled in.
package dialect

import (
	"slices"
	"strings"
)

// Operation is the name of an operation: a key of a document's operations.
type Operation string

// The operations, in the order of the API's reference. GetConnect is not part
// of the reference; only a dialect that describes it has it.
const (
	GetProfile                 Operation = "get_profile"
	ListCategories             Operation = "list_categories"
	ListApps                   Operation = "list_apps"
	GetApp                     Operation = "get_app"
	ConnectAccount             Operation = "connect_account"
	GetConnectedAccountByToken Operation = "get_connected_account_by_token"
	ListConnectedAccounts      Operation = "list_connected_accounts"
	ListPopularMatches         Operation = "list_popular_matches"
	GetPopularMatch            Operation = "get_popular_match"
	ListTriggers               Operation = "list_triggers"
	GetTrigger                 Operation = "get_trigger"
	ListActions                Operation = "list_actions"
	GetAction                  Operation = "get_action"
	CreateConnect              Operation = "create_connect"
	ListDropdownOptions        Operation = "list_dropdown_options"
	EditTriggerOptions         Operation = "edit_trigger_options"
	EditActionOptions          Operation = "edit_action_options"
	RunTest                    Operation = "run_test"
	TurnOnConnect              Operation = "turn_on_connect"
	TurnOffConnect             Operation = "turn_off_connect"
	UpdateConnectName          Operation = "update_connect_name"
	GetConnectHistory          Operation = "get_connect_history"
	ListConnects               Operation = "list_connects"
	DeleteConnect              Operation = "delete_connect"
	GetConnect                 Operation = "get_connect"
)

// answers says what an operation answers with.
type answers int

const (
	one     answers = iota // One object, or an error.
	list                   // A page of objects.
	unpaged                // A whole list in one answer.
	written                // Perhaps the connect as it was written.
)

// operation is a row of the operations table.
type operation struct {
	name    Operation
	answers answers
	shape   string
	// args are the operation's arguments. A template must send each of them, save
	// that one marked with ? need not be given to an operation (but must be sent
	// where it is), and that of a|b one is enough. One marked with ~ is on offer.
	args string
	// optional operations need not be described.
	optional bool
}

func table() []operation {
	return []operation{
		{GetProfile, one, "profile", "", false},
		{ListCategories, list, "category", "", false},
		{ListApps, list, "app", "categoryId?", false},
		{GetApp, one, "app", "appId", false},
		{ConnectAccount, one, "link", "appId callbackUrl authType~ seoLink~", false},
		{GetConnectedAccountByToken, one, "account", "token", false},
		{ListConnectedAccounts, list, "account", "appId? accountId?", false},
		{ListPopularMatches, list, "popular_match", "triggerAppId? actionAppId?", false},
		{GetPopularMatch, one, "popular_match", "popularMatchId", false},
		{ListTriggers, list, "event", "appId", false},
		{GetTrigger, one, "event", "triggerId", false},
		{ListActions, list, "event", "appId", false},
		{GetAction, one, "event", "actionId", false},
		{CreateConnect, one, "connect", "popularMatchId name?", false},
		{ListDropdownOptions, unpaged, "choice", "key values accountId? connectId? stepId|position? triggerId? actionId?", false},
		{EditTriggerOptions, written, "connect", "connectId accountId? options", false},
		{EditActionOptions, written, "connect", "connectId stepId|position accountId? options", false},
		{RunTest, one, "test_result", "connectId", false},
		{TurnOnConnect, written, "connect", "connectId", false},
		{TurnOffConnect, written, "connect", "connectId", false},
		{UpdateConnectName, written, "connect", "connectId name", false},
		{GetConnectHistory, list, "history_entry", "connectId", false},
		{ListConnects, list, "connect", "", false},
		{DeleteConnect, written, "connect", "connectId", false},
		{GetConnect, one, "connect", "connectId", true},
	}
}

// Operations returns the names of all operations, in the reference's order.
func Operations() []Operation {
	var names []Operation
	for _, row := range table() {
		names = append(names, row.name)
	}
	return names
}

// Argument is an argument that a template can use.
type Argument struct {
	Name, Meaning string
	// Operations lists who offers it.
	Operations []Operation
}

// Arguments returns every argument of every operation.
func Arguments() []Argument {
	arguments := []Argument{
		{Name: "connectId", Meaning: "id of the connect"},
		{Name: "stepId", Meaning: "id of the action's step; of any step in list_dropdown_options"},
		{Name: "position", Meaning: "place of the action among the actions, from 1; 0 is the trigger"},
		{Name: "popularMatchId", Meaning: "id of the popular match"},
		{Name: "name", Meaning: "name of the connect"},
		{Name: "accountId", Meaning: "id of the connected account"},
		{Name: "options", Meaning: "all options of the step: an object of key and value"},
		{Name: "appId", Meaning: "id of the app"},
		{Name: "categoryId", Meaning: "id of the category to list"},
		{Name: "authType", Meaning: "the app's kind of sign-in, as the service calls it"},
		{Name: "seoLink", Meaning: "the app's short name in links"},
		{Name: "callbackUrl", Meaning: "URL that receives the new account's token"},
		{Name: "token", Meaning: "token that the callback URL received"},
		{Name: "triggerAppId", Meaning: "id of the trigger's app"},
		{Name: "actionAppId", Meaning: "id of the action's app"},
		{Name: "triggerId", Meaning: "id of the trigger"},
		{Name: "actionId", Meaning: "id of the action"},
		{Name: "key", Meaning: "key of the option whose choices are wanted"},
		{Name: "values", Meaning: "values of the options it depends on: an object"},
		{Name: "page", Meaning: "number of the page, from 1"},
		{Name: "limit", Meaning: "most entries of a page"},
		{Name: "offset", Meaning: "number of entries before the page"},
		{Name: "cursor", Meaning: "what the page before called next; not given for the first page"},
		{Name: "id", Meaning: "in `then` only: what `then.id` found in the first answer"},
	}
	for i := range arguments {
		for _, row := range table() {
			if slices.Contains(row.offered(), arguments[i].Name) {
				arguments[i].Operations = append(arguments[i].Operations, row.name)
			}
		}
	}
	return arguments
}

func paging() []string { return []string{"page", "limit", "offset", "cursor"} }

// demand is one word of a row's args.
type demand struct {
	names []string
	// must: a template has to use one of the names. given: it has to when the
	// argument is given.
	must, given bool
}

func (o operation) demands() []demand {
	var all []demand
	for word := range strings.FieldsSeq(o.args) {
		bare := strings.TrimRight(word, "?~")
		all = append(all, demand{names: strings.Split(bare, "|"), must: bare == word, given: !strings.HasSuffix(word, "~")})
	}
	return all
}

// offered lists the arguments that the operation's templates may use.
func (o operation) offered() []string {
	var names []string
	for _, d := range o.demands() {
		names = append(names, d.names...)
	}
	if o.answers == list {
		names = append(names, paging()...)
	}
	return names
}
