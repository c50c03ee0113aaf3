package simulator

import (
	"bytes"
	"cmp"
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator/foreign"
)

// distort makes of a true answer the one that the fault wants. asked is the page
// that the request named, empty where there was none.
func (f Fault) distort(answer reply, asked string) reply {
	if f.Kind == FaultMalformedBody {
		return f.truncated(answer)
	}
	if f.Kind == FaultDeepJSON {
		return deep()
	}
	reshape := f.reshape(asked)
	if reshape == nil || answer.status >= http.StatusMultipleChoices {
		return answer
	}
	document := decodeAny(answer.body)
	if document == nil {
		return answer
	}
	reshaped := jsonReply(answer.status, reshape(document))
	reshaped.header = answer.header
	return reshaped
}

// decodeAny decodes JSON and keeps the digits of numbers; nil is no JSON.
func decodeAny(text []byte) any {
	var document any
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if decoder.Decode(&document) != nil {
		return nil
	}
	return document
}

// reshape returns what the fault does to the JSON of a success, nil when it
// leaves it as it is.
func (f Fault) reshape(asked string) func(any) any {
	switch f.Kind {
	case FaultShrunkPage, FaultRepeatedPage, FaultLyingTotal:
		return func(document any) any { return f.reshapePage(document, asked) }
	case FaultWrongTypes:
		return inData(wrongTypes)
	case FaultMaskedValues:
		return eachMember(func(object map[string]any, name string) {
			if options, ok := object[name].(map[string]any); ok && name == "options" {
				for key := range options {
					options[key] = maskText
				}
			}
		})
	case FaultUnknownStatus:
		return eachMember(func(object map[string]any, name string) {
			if _, ok := object[name].(string); ok && name == "status" {
				object[name] = cmp.Or(f.Message, oddStatus)
			}
		})
	case FaultExtraKeys:
		return extraKeys
	case FaultReordered:
		// Decoded objects are encoded in the order of the alphabet, which is not
		// the contract's.
		return func(document any) any { return document }
	case FaultNumbersForStrings:
		return numbersForStrings
	default:
		return nil
	}
}

// askBefore makes a request one for the page before, or the first again.
func (c *call) askBefore() {
	if c.window != nil {
		c.window = &foreign.Window{Skip: max(0, c.window.Skip-min(c.window.Take, c.pageLimit)), Take: c.window.Take}
		return
	}
	n, err := strconv.Atoi(c.query.Get(pageParameter))
	if err != nil || n < 2 {
		n = 2
	}
	c.query.Set(pageParameter, strconv.Itoa(n-1))
}

// reshapePage lies about a page of a listing. Other answers stay as they are.
func (f Fault) reshapePage(document any, asked string) any {
	page, ok := document.(map[string]any)
	if !ok {
		return document
	}
	total, ok := page["total"].(json.Number)
	if !ok {
		return document
	}
	switch f.Kind {
	case FaultShrunkPage:
		if entries, ok := page["data"].([]any); ok && len(entries) > 0 {
			page["data"] = entries[:len(entries)-1]
		}
	case FaultRepeatedPage:
		// The page claims to be the one that was asked for.
		if n, err := strconv.Atoi(asked); err == nil {
			page["page"] = n
		}
	case FaultLyingTotal:
		if n, err := total.Int64(); err == nil {
			page["total"] = max(0, n+int64(cmp.Or(f.TotalBy, 1)))
		}
	default:
	}
	return page
}

// inData applies a change to the payload alone, or to all where no envelope is.
func inData(change func(any) any) func(any) any {
	return func(document any) any {
		if object, ok := document.(map[string]any); ok && object["data"] != nil {
			object["data"] = change(object["data"])
			return object
		}
		return change(document)
	}
}

// wrongTypes puts scalars into lists and makes objects of lists.
func wrongTypes(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for name, member := range v {
			v[name] = wrongTypes(member)
		}
		return v
	case []any:
		object := map[string]any{}
		for i, entry := range v {
			object[strconv.Itoa(i)] = wrongTypes(entry)
		}
		return object
	default:
		return []any{v}
	}
}

// eachMember applies a change to every member of every object.
func eachMember(change func(object map[string]any, name string)) func(any) any {
	var walk func(any) any
	walk = func(value any) any {
		switch v := value.(type) {
		case map[string]any:
			for name := range v {
				change(v, name)
				v[name] = walk(v[name])
			}
		case []any:
			for i := range v {
				v[i] = walk(v[i])
			}
		}
		return value
	}
	return walk
}

// extraKeys adds members to every object but the options, whose keys are the
// user's.
func extraKeys(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for name, member := range v {
			if name != "options" {
				v[name] = extraKeys(member)
			}
		}
		v["zzNew"] = map[string]any{"since": "v3", "list": []any{1, nil, true}}
		v["__v"] = 7
	case []any:
		for i := range v {
			v[i] = extraKeys(v[i])
		}
	}
	return value
}

// numbersForStrings swaps strings of digits and numbers.
func numbersForStrings(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for name, member := range v {
			v[name] = numbersForStrings(member)
		}
	case []any:
		for i := range v {
			v[i] = numbersForStrings(v[i])
		}
	case string:
		// Only what comes back the same: 007 and 1e3 must stay strings.
		if n, err := strconv.ParseInt(v, 10, 64); err == nil && strconv.FormatInt(n, 10) == v {
			return n
		}
	case json.Number:
		return v.String()
	}
	return value
}
