package main

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	devservice "github.com/appypie-community/terraform-provider-appypie/internal/dev/service"
)

// service is the simulator with its admin path: the hand of a person in the web
// editor.
type service struct{ *devservice.Process }

// heldConnect is a connect as the service holds it, with secrets in the clear.
type heldConnect struct {
	ID, Name, Status string
	Actions          []struct{ Options map[string]string }
}

func (s service) connects(ctx context.Context) (held []heldConnect, err error) {
	err = s.Ask(ctx, http.MethodGet, "connects", &held)
	return held, err
}

func (s service) connect(ctx context.Context, id string) (heldConnect, error) {
	held, err := s.connects(ctx)
	i := slices.IndexFunc(held, func(one heldConnect) bool { return one.ID == id })
	if err == nil && i < 0 {
		err = fmt.Errorf("the service holds no connect %s", id)
	}
	if err != nil {
		return heldConnect{}, err
	}
	return held[i], nil
}

// turnOff is what a person does with the switch in the web editor.
func (s service) turnOff(ctx context.Context, id string) error {
	return s.Ask(ctx, http.MethodPost, "connects/"+id+"/turn-off", nil)
}

// usage is what happened in the service since it started.
type usage struct {
	Requests    int            `json:"requests"`
	ByOperation map[string]int `json:"requests_by_operation"`
}

func (s service) usage(ctx context.Context) (u usage, err error) {
	err = s.Ask(ctx, http.MethodGet, "summary", &u)
	return u, err
}
