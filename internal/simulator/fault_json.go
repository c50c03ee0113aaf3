package simulator

import (
	"encoding/json"
	"fmt"
	"time"
)

// faultJSON is a fault on the admin path.
type faultJSON struct {
	Operation   string    `json:"operation,omitempty"`
	ConnectID   string    `json:"connect_id,omitempty"`
	Kind        FaultKind `json:"kind"`
	Status      int       `json:"status,omitempty"`
	Code        int       `json:"code,omitempty"`
	Message     string    `json:"message,omitempty"`
	RetryAfter  string    `json:"retry_after,omitempty"`
	Delay       string    `json:"delay,omitempty"` // as Go writes durations: "250ms"
	Body        string    `json:"body,omitempty"`
	ContentType string    `json:"content_type,omitempty"`
	Writes      int       `json:"writes,omitempty"`
	Location    string    `json:"location,omitempty"`
	Every       string    `json:"every,omitempty"`
	After       string    `json:"after,omitempty"`
	TotalBy     int       `json:"total_by,omitempty"`
	Each        int       `json:"each,omitempty"`
	Skip        int       `json:"skip,omitempty"`
	Times       int       `json:"times,omitempty"`
}

// MarshalJSON renders a fault as the admin path shows it; Match has no JSON.
func (f Fault) MarshalJSON() ([]byte, error) {
	out := faultJSON{
		Operation: f.Operation, ConnectID: f.ConnectID, Kind: f.Kind, Status: f.Status, Code: f.Code,
		Message: f.Message, RetryAfter: f.RetryAfter, Body: f.Body, ContentType: f.ContentType,
		Writes: f.Writes, Location: f.Location, TotalBy: f.TotalBy, Each: f.Each, Skip: f.Skip, Times: f.Times,
	}
	if f.Delay > 0 {
		out.Delay = f.Delay.String()
	}
	if f.After > 0 {
		out.After = f.After.String()
	}
	if f.Every > 0 {
		out.Every = f.Every.String()
	}
	return json.Marshal(out)
}

func (in faultJSON) fault() (Fault, error) {
	f := Fault{
		Operation: in.Operation, ConnectID: in.ConnectID, Kind: in.Kind, Status: in.Status, Code: in.Code,
		Message: in.Message, RetryAfter: in.RetryAfter, Body: in.Body, ContentType: in.ContentType,
		Writes: in.Writes, Location: in.Location, TotalBy: in.TotalBy, Each: in.Each, Skip: in.Skip, Times: in.Times,
	}
	for _, one := range []struct {
		text string
		into *time.Duration
	}{{in.Delay, &f.Delay}, {in.Every, &f.Every}, {in.After, &f.After}} {
		if one.text == "" {
			continue
		}
		d, err := time.ParseDuration(one.text)
		if err != nil {
			return Fault{}, fmt.Errorf("%q is not a duration such as 250ms", one.text)
		}
		*one.into = d
	}
	return f, f.validate()
}
