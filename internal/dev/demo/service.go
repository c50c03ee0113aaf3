package main

import (
	"context"
	"fmt"
	"net/http"

	devservice "github.com/appypie-community/terraform-provider-appypie/internal/dev/service"
)

// service is the simulator with its admin path: the hand of a person in the web
// editor.
type service struct {
	devservice.Admin
	info    devservice.Info
	process *devservice.Process
}

// startService starts a simulator; the caller stops it last.
func startService(ctx context.Context, space *workspace, spoken string) (*service, error) {
	var flags []string
	if spoken != "" {
		flags = append(flags, "--dialect="+spoken)
	}
	started, err := devservice.Start(ctx, space.Workspace, space.companion(), flags...)
	if err != nil {
		return nil, err
	}
	return &service{Admin: started.Admin, info: started.Info, process: started}, nil
}

// heldConnect is a connect as the service holds it, with secrets in the clear.
type heldConnect struct {
	ID      string     `json:"id"`
	Name    string     `json:"name"`
	Status  string     `json:"status"`
	Trigger heldStep   `json:"trigger"`
	Actions []heldStep `json:"actions"`
}

type heldStep struct {
	Options map[string]string `json:"options"`
}

func (s *service) connects(ctx context.Context) ([]heldConnect, error) {
	var held []heldConnect
	err := s.Ask(ctx, http.MethodGet, "connects", &held)
	return held, err
}

func (s *service) connect(ctx context.Context, id string) (heldConnect, error) {
	held, err := s.connects(ctx)
	if err != nil {
		return heldConnect{}, err
	}
	for _, one := range held {
		if one.ID == id {
			return one, nil
		}
	}
	return heldConnect{}, fmt.Errorf("the service holds no connect %s", id)
}

// turnOff is what a person does with the switch in the web editor.
func (s *service) turnOff(ctx context.Context, id string) error {
	return s.Ask(ctx, http.MethodPost, "connects/"+id+"/turn-off", nil)
}

// usage is what happened in the service since it started.
type usage struct {
	Requests    int            `json:"requests"`
	ByOperation map[string]int `json:"requests_by_operation"`
	Connects    int            `json:"connects"`
}

func (s *service) usage(ctx context.Context) (usage, error) {
	var u usage
	err := s.Ask(ctx, http.MethodGet, "summary", &u)
	return u, err
}

// providerBlock logs in anew, because the login of the demonstration is spent.
func (s *service) providerBlock(ctx context.Context) (string, error) {
	var login struct {
		RefreshToken string `json:"refresh_token"`
	}
	if err := s.Ask(ctx, http.MethodPost, "login", &login); err != nil {
		return "", err
	}
	return fmt.Sprintf(`provider "appypie" {
  api_url       = %q
  token_url     = %q
  client_id     = %q
  client_secret = %q
  refresh_token = %q
}`, s.info.APIURL, s.info.TokenURL, s.info.ClientID, s.info.ClientSecret, login.RefreshToken), nil
}
