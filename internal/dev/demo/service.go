package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/tfrun"
)

const (
	readyWithin   = 30 * time.Second
	readyInterval = 20 * time.Millisecond
	adminTimeout  = 10 * time.Second
)

// readyInfo is what the simulator writes into its ready file.
type readyInfo struct {
	URL          string `json:"url"`
	APIURL       string `json:"api_url"`
	TokenURL     string `json:"token_url"`
	ClientID     string `json:"client_id"`
	ClientSecret string `json:"client_secret"`
	RefreshToken string `json:"refresh_token"`
}

// service is the simulator's process with a client for its admin path: the hand
// of a person in the web editor.
type service struct {
	process *tfrun.Process
	info    readyInfo
	http    *http.Client
}

// startService starts the simulator on a free loopback port and waits until it
// listens.
func startService(ctx context.Context, space *workspace, spoken string) (*service, error) {
	file := space.Path("ready.json")
	// The end of ctx does not end the simulator: Terraform may still be finishing
	// a write. The caller stops it last.
	args := []string{"simulator", "--addr", "127.0.0.1:0", "--ready-file", file}
	if spoken != "" {
		args = append(args, "--dialect", spoken)
	}
	cmd := tfrun.Command(context.WithoutCancel(ctx), space.Root, space.Environment(), space.companion(), args...)
	started, err := tfrun.Start(cmd)
	if err != nil {
		return nil, err
	}
	s := &service{process: started, http: newAdminClient()}
	if err := s.waitFor(ctx, file); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	return s, nil
}

func newAdminClient() *http.Client {
	return &http.Client{Transport: &http.Transport{}, Timeout: adminTimeout}
}

func (s *service) waitFor(ctx context.Context, file string) error {
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	ticker := time.NewTicker(readyInterval)
	defer ticker.Stop()
	for {
		content, err := os.ReadFile(filepath.Clean(file))
		if err == nil {
			if err := json.Unmarshal(content, &s.info); err != nil {
				return fmt.Errorf("read the simulator's ready file: %w", err)
			}
			return nil
		}
		select {
		case <-ticker.C:
		case <-s.process.Done:
			return &tfrun.Error{Command: tfrun.Describe(s.process.Cmd), Reason: "ended before it listened", Output: s.process.Output()}
		case <-ctx.Done():
			return fmt.Errorf("wait for the simulator: %w", ctx.Err())
		}
	}
}

func (s *service) stop() error {
	s.http.CloseIdleConnections()
	return s.process.Stop()
}

// environment are the credentials, as the provider takes them.
func (s *service) environment() []string {
	return []string{
		"APPYPIE_API_URL=" + s.info.APIURL,
		"APPYPIE_TOKEN_URL=" + s.info.TokenURL,
		"APPYPIE_CLIENT_ID=" + s.info.ClientID,
		"APPYPIE_CLIENT_SECRET=" + s.info.ClientSecret,
		"APPYPIE_REFRESH_TOKEN=" + s.info.RefreshToken,
	}
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
	err := s.admin(ctx, http.MethodGet, "connects", &held)
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
	return s.admin(ctx, http.MethodPost, "connects/"+id+"/turn-off", nil)
}

// usage is what happened in the service since it started.
type usage struct {
	Requests    int            `json:"requests"`
	ByOperation map[string]int `json:"requests_by_operation"`
	Connects    int            `json:"connects"`
}

func (s *service) usage(ctx context.Context) (usage, error) {
	var u usage
	err := s.admin(ctx, http.MethodGet, "summary", &u)
	return u, err
}

// providerBlock logs in anew, because the login of the demonstration is spent.
func (s *service) providerBlock(ctx context.Context) (string, error) {
	var login struct {
		RefreshToken string `json:"refresh_token"`
	}
	if err := s.admin(ctx, http.MethodPost, "login", &login); err != nil {
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

// admin makes one request to the admin path and reads the answer into result.
func (s *service) admin(ctx context.Context, method, path string, result any) error {
	req, err := http.NewRequestWithContext(ctx, method, s.info.URL+"/_simulator/"+path, http.NoBody)
	if err != nil {
		return fmt.Errorf("ask the simulator: %w", err)
	}
	req.Header.Set("Accept", "application/json")
	resp, err := s.http.Do(req)
	if err != nil {
		return fmt.Errorf("ask the simulator: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return fmt.Errorf("ask the simulator: %w", err)
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the simulator answered %s %s with %d: %s", method, path, resp.StatusCode, body)
	}
	if result == nil {
		return nil
	}
	if err := json.Unmarshal(body, result); err != nil {
		return fmt.Errorf("the simulator's answer to %s: %w", path, err)
	}
	return nil
}
