package connectapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"reflect"
	"slices"
	"strings"

	"github.com/appypie-community/terraform-provider-appypie/internal/wire"
)

// form is what the contract says of the answer of an operation. The members are
// those that the client reads, so that the two cannot disagree.
type form struct {
	// object is the wire type of the answer's object, or of a listing's entries.
	object reflect.Type
	// list means that data is a list, paged that total, page and limit stand
	// beside it.
	list, paged bool
	// usable tells whether the client could read the payload all the same.
	usable func(env envelope) error
}

// formOf returns the form of the answers of an operation.
func formOf(name OperationName) form {
	switch name {
	case GetProfile:
		return single[wireProfile]()
	case ListCategories:
		return listing[wireCategory]()
	case ListApps:
		return listing[wireApp]()
	case GetApp:
		return single[wireApp]()
	case ConnectAccount:
		return objectOf[wireLink]()
	case GetConnectedAccountByToken:
		return single[wireAccount]()
	case ListConnectedAccounts:
		return listing[wireAccount]()
	case ListPopularMatches:
		return listing[wirePopularMatch]()
	case GetPopularMatch:
		return single[wirePopularMatch]()
	case ListTriggers, ListActions:
		return listing[wireEvent]()
	case GetTrigger, GetAction:
		return single[wireEvent]()
	default:
		return formOfConnects(name)
	}
}

func formOfConnects(name OperationName) form {
	switch name {
	case ListDropdownOptions:
		choices := listOf[wireChoice]()
		choices.paged = false

		return choices
	case GetConnectHistory:
		return listing[wireHistoryEntry]()
	case ListConnects:
		return listing[wireConnect]()
	case RunTest:
		return objectOf[wireTestRun]()
	case DeleteConnect:
		return objectOf[identity]()
	default:
		return single[wireConnect]()
	}
}

// wireTestRun and wireLink are the answers that no other place has a name for.
type (
	wireTestRun struct {
		Steps []struct {
			StepID     text `json:"stepId"`
			Status     text `json:"status"`
			Message    text `json:"message"`
			SampleData []struct {
				Key   text `json:"key"`
				Value text `json:"value"`
				Label text `json:"label"`
			} `json:"sampleData"`
		} `json:"steps"`
	}
	wireLink struct {
		URL text `json:"url"`
	}
)

type identified interface{ id() string }

var errNoID = errors.New("an object has no id")

// readOne tells whether the client can work with an object.
func readOne(object identified) error {
	if object.id() == "" {
		return errNoID
	}

	if connect, ok := object.(wireConnect); ok {
		return connect.public().Unreadable
	}

	return nil
}

func objectOf[W any]() form {
	return form{object: reflect.TypeFor[W](), usable: func(env envelope) error {
		_, err := decodePayload[W](env)

		return err
	}}
}

func single[W identified]() form {
	return form{object: reflect.TypeFor[W](), usable: func(env envelope) error {
		wire, err := decodePayload[W](env)
		if err != nil {
			return err
		}

		return readOne(wire)
	}}
}

func listOf[W any]() form {
	return form{object: reflect.TypeFor[W](), list: true, paged: true, usable: func(env envelope) error {
		_, err := entriesOf[W](env)

		return err
	}}
}

func listing[W identified]() form {
	listed := listOf[W]()
	listed.usable = func(env envelope) error {
		entries, err := entriesOf[W](env)
		for _, entry := range entries {
			err = errors.Join(err, readOne(entry))
		}

		return err
	}

	return listed
}

func entriesOf[W any](env envelope) ([]W, error) {
	payload, _, _, err := listPayload(env)
	if err != nil || payload == nil {
		return nil, err
	}

	env.payload = payload

	return decodePayload[[]W](env)
}

// objects reads the objects of an answer as far as they can be read.
func (f form) objects(env envelope) []map[string]any {
	payload := env.payload

	if f.list {
		var err error
		if payload, _, _, err = listPayload(env); err != nil {
			return nil
		}
	} else {
		payload = slices.Concat([]byte{'['}, payload, []byte{']'})
	}

	decoder := json.NewDecoder(bytes.NewReader(payload))
	decoder.UseNumber()

	var objects []map[string]any
	if decoder.Decode(&objects) != nil {
		return nil
	}

	return objects
}

// compare returns how a successful answer differs from the contract. It names
// members and kinds, never values.
func (f form) compare(contentType string, body []byte) []string {
	var found differences

	if kind, _, err := mime.ParseMediaType(contentType); err != nil || kind != "application/json" {
		found.add("the content type is %q instead of application/json", wire.Said(kind))
	}

	var members map[string]json.RawMessage
	if json.Unmarshal(body, &members) != nil {
		found.add("the answer is %s without an envelope", kindOf(body))
		f.compareData(&found, "answer", body)

		return found
	}

	if success := members["success"]; kindOf(success) != kindBoolean {
		found.add("success is %s", kindOf(success))
	}

	data, has := members["data"]
	if !has {
		found.add("there is no data")

		return found
	}

	if f.paged {
		for _, name := range []string{"total", "page", "limit"} {
			if kind := kindOf(members[name]); kind != kindNumber {
				found.add("%s beside data is %s", name, kind)
			}
		}
	}

	f.compareData(&found, "data", data)

	return found
}

func (f form) compareData(found *differences, at string, data json.RawMessage) {
	if f.list {
		found.list(at, data, f.object)
	} else {
		found.object(at, data, f.object)
	}
}

// differences collects what is unlike the contract, each thing once.
type differences []string

func (d *differences) add(format string, args ...any) {
	if text := fmt.Sprintf(format, args...); !slices.Contains(*d, text) {
		*d = append(*d, text)
	}
}

func (d *differences) list(at string, raw json.RawMessage, entry reflect.Type) {
	var entries []json.RawMessage
	if kindOf(raw) != kindList || json.Unmarshal(raw, &entries) != nil {
		d.add("%s is %s instead of %s", at, kindOf(raw), kindList)

		return
	}

	for _, each := range entries {
		d.value(at+"[]", each, entry)
	}
}

func (d *differences) object(at string, raw json.RawMessage, wire reflect.Type) {
	var members map[string]json.RawMessage
	if kindOf(raw) != kindObject || json.Unmarshal(raw, &members) != nil {
		d.add("%s is %s instead of %s", at, kindOf(raw), kindObject)

		return
	}

	if wire == reflect.TypeFor[identity]() {
		d.member(at, members, "_id", reflect.TypeFor[text]())

		return
	}

	for field := range wire.Fields() {
		if field.Anonymous {
			d.object(at, raw, field.Type)

			continue
		}

		d.member(at, members, field.Tag.Get("json"), field.Type)
	}
}

func (d *differences) member(at string, members map[string]json.RawMessage, name string, wire reflect.Type) {
	raw, has := members[name]

	switch {
	case has:
		d.value(at+"."+name, raw, wire)
	case name == "triggerId", name == "actionId":
		// A step has one of the two.
	default:
		d.add("%s.%s is missing", at, name)
	}
}

func (d *differences) value(at string, raw json.RawMessage, wire reflect.Type) {
	want := kindString
	if wire.Kind() == reflect.Pointer {
		wire = wire.Elem()
	}

	switch {
	case wire == reflect.TypeFor[text](), wire == reflect.TypeFor[shown]():
		// What is not known or does not apply may be null.
		if kindOf(raw) == kindNull && !strings.HasSuffix(at, "_id") {
			return
		}
	case wire == reflect.TypeFor[flag]():
		want = kindBoolean
	case wire == reflect.TypeFor[number]():
		want = kindNumber
	case wire == reflect.TypeFor[options]():
		want = kindObject
	case wire.Kind() == reflect.Slice:
		d.list(at, raw, wire.Elem())

		return
	case wire.Kind() == reflect.Struct:
		d.object(at, raw, wire)

		return
	}

	if kind := kindOf(raw); kind != want {
		d.add("%s is %s instead of %s", at, kind, want)
	}
}

// kind is a kind of JSON value, as a message names it.
type kind string

const (
	kindMissing kind = "missing"
	kindNull    kind = "null"
	kindString  kind = "a string"
	kindNumber  kind = "a number"
	kindBoolean kind = "a boolean"
	kindList    kind = "a list"
	kindObject  kind = "an object"
)

func kindOf(raw json.RawMessage) kind {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 {
		return kindMissing
	}

	switch raw[0] {
	case 'n':
		return kindNull
	case '"':
		return kindString
	case 't', 'f':
		return kindBoolean
	case '[':
		return kindList
	case '{':
		return kindObject
	default:
		return kindNumber
	}
}
