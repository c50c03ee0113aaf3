package main

import (
	"bytes"
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
	readyWithin    = 30 * time.Second
	readyInterval  = 10 * time.Millisecond
	requestTimeout = time.Minute
	// matchTitle is a popular match whose steps need no account.
	matchTitle = "Call a webhook every hour"
)

// service is the simulator's process.
type service struct {
	process *tfrun.Process
	info    struct {
		URL          string `json:"url"`
		APIURL       string `json:"api_url"`
		TokenURL     string `json:"token_url"`
		ClientID     string `json:"client_id"`
		ClientSecret string `json:"client_secret"`
		RefreshToken string `json:"refresh_token"`
	}
	// accessToken is outside the login of the real provider.
	accessToken string
	http        *http.Client
}

// startService starts a simulator on a free loopback port and waits until it
// listens.
func (b *bench) startService(ctx context.Context, space *tfrun.Workspace, latency time.Duration) (*service, error) {
	file := space.Path("ready.json")
	// The end of ctx does not end the simulator: Terraform may still be finishing
	// a write. It is stopped last.
	cmd := tfrun.Command(context.WithoutCancel(ctx), space.Root, space.Environment(), b.program("tools", "appypie"),
		"simulator", "--addr=127.0.0.1:0", "--ready-file="+file, "--latency="+latency.String(), "--access-token-life=24h")
	process, err := tfrun.Start(cmd)
	if err != nil {
		return nil, err
	}
	s := &service{process: process, http: &http.Client{
		Timeout: requestTimeout,
		// A connection for each request makes the connections of this client
		// countable, and so those of the provider.
		Transport: &http.Transport{DisableKeepAlives: true},
	}}
	if err := s.ready(ctx, file); err != nil {
		s.stop()
		return nil, err
	}
	return s, nil
}

func (s *service) ready(ctx context.Context, file string) error {
	waiting, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	ticker := time.NewTicker(readyInterval)
	defer ticker.Stop()
	for {
		content, err := os.ReadFile(filepath.Clean(file))
		if err == nil {
			if err := json.Unmarshal(content, &s.info); err != nil {
				return fmt.Errorf("read the simulator's ready file: %w", err)
			}
			return s.login(ctx)
		}
		select {
		case <-ticker.C:
		case <-s.process.Done:
			return &tfrun.Error{Command: tfrun.Describe(s.process.Cmd), Reason: "ended before it listened", Output: s.process.Output()}
		case <-waiting.Done():
			return fmt.Errorf("wait for the simulator: %w", waiting.Err())
		}
	}
}

// login makes an access token of its own.
func (s *service) login(ctx context.Context) error {
	var made struct {
		RefreshToken string `json:"refresh_token"`
	}
	if err := s.admin(ctx, http.MethodPost, "login", &made); err != nil {
		return err
	}
	body, err := json.Marshal(map[string]string{
		"grant_type": "refresh_token", "refresh_token": made.RefreshToken,
		"client_id": s.info.ClientID, "client_secret": s.info.ClientSecret,
	})
	if err != nil {
		return fmt.Errorf("ask for a token: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.info.TokenURL, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("ask for a token: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	var token struct {
		AccessToken string `json:"access_token"`
	}
	if err := answer(s.http, req, &token); err != nil {
		return err
	}
	s.accessToken = token.AccessToken
	return nil
}

// stop ends the process. That it had to be killed changes no measurement.
func (s *service) stop() { _ = s.process.Stop() }

// matchID finds the popular match that the connects are made from.
func (s *service) matchID(ctx context.Context) (string, error) {
	for page := 1; ; page++ {
		var listing struct {
			Data []struct {
				ID    string `json:"_id"`
				Title string `json:"title"`
			} `json:"data"`
		}
		if err := s.api(ctx, s.http, http.MethodGet, fmt.Sprintf("/popular-matches?page=%d", page), nil, &listing); err != nil {
			return "", err
		}
		for _, match := range listing.Data {
			if match.Title == matchTitle {
				return match.ID, nil
			}
		}
		if len(listing.Data) == 0 {
			return "", fmt.Errorf("the simulator has no popular match %q", matchTitle)
		}
	}
}

// api makes a request to the API.
func (s *service) api(ctx context.Context, client *http.Client, method, path string, body, result any) error {
	payload := io.Reader(http.NoBody)
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return fmt.Errorf("encode a request: %w", err)
		}
		payload = bytes.NewReader(encoded)
	}
	req, err := http.NewRequestWithContext(ctx, method, s.info.APIURL+path, payload)
	if err != nil {
		return fmt.Errorf("prepare a request: %w", err)
	}
	req.Header.Set("Authorization", "Bearer "+s.accessToken)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return answer(client, req, result)
}

// traffic is what the service saw.
type traffic struct {
	Requests    map[string]int `json:"requests_by_operation"`
	Connections int64          `json:"connections_opened"`
}

// watch forgets what was and returns a function that tells what came since.
func (s *service) watch(ctx context.Context) (func() (traffic, error), error) {
	var before traffic
	err := errors.Join(s.admin(ctx, http.MethodDelete, "journal", nil), s.admin(ctx, http.MethodGet, "summary", &before))
	return func() (traffic, error) {
		var after traffic
		err := s.admin(ctx, http.MethodGet, "summary", &after)
		// The question itself came on a connection.
		after.Connections -= before.Connections + 1
		return after, err
	}, err
}

// admin makes one request to the admin path.
func (s *service) admin(ctx context.Context, method, path string, result any) error {
	req, err := http.NewRequestWithContext(ctx, method, s.info.URL+"/_simulator/"+path, http.NoBody)
	if err != nil {
		return fmt.Errorf("ask the simulator: %w", err)
	}
	return answer(s.http, req, result)
}

// answer sends a request and decodes what comes back.
func answer(client *http.Client, req *http.Request, result any) error {
	resp, err := client.Do(req)
	if err != nil {
		return fmt.Errorf("ask the simulator: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	content, err := io.ReadAll(resp.Body)
	if err != nil {
		return fmt.Errorf("ask the simulator: %w", err)
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the simulator answered %s %s with %d: %s", req.Method, req.URL.Path, resp.StatusCode, content)
	}
	if result == nil {
		return nil
	}
	if err := json.Unmarshal(content, result); err != nil {
		return fmt.Errorf("the simulator's answer to %s: %w", req.URL.Path, err)
	}
	return nil
}
