package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/tfrun"
)

const (
	readyWithin    = 30 * time.Second
	readyInterval  = 10 * time.Millisecond
	requestTimeout = time.Minute
)

// service is the companion's simulator, as a process of its own. Its addresses and
// credentials are those of its ready file.
type service struct {
	process *tfrun.Process

	URL          string `json:"url"`
	APIURL       string `json:"api_url"`
	TokenURL     string `json:"token_url"`
	ClientID     string `json:"client_id"`
	ClientSecret string `json:"client_secret"`
	RefreshToken string `json:"refresh_token"`
}

// startService starts the simulator on a free loopback port and waits until it
// listens. The caller stops it, last of all.
func startService(ctx context.Context, space *tfrun.Workspace, companion string, flags ...string) (*service, error) {
	file := space.Path("ready.json")
	args := append([]string{"simulator", "--addr=127.0.0.1:0", "--ready-file=" + file}, flags...)
	// The end of ctx does not end the simulator: Terraform may still be finishing
	// a write.
	process, err := tfrun.Start(tfrun.Command(context.WithoutCancel(ctx), space.Root, space.Environment(), companion, args...))
	if err != nil {
		return nil, err
	}
	s := &service{process: process}
	if err := s.ready(ctx, file); err != nil {
		return nil, errors.Join(err, process.Stop())
	}
	return s, nil
}

func (s *service) ready(ctx context.Context, file string) error {
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	ticker := time.NewTicker(readyInterval)
	defer ticker.Stop()
	for {
		if content, err := os.ReadFile(filepath.Clean(file)); err == nil {
			return json.Unmarshal(content, s)
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

// environment are the addresses and credentials, as the provider takes them.
func (s *service) environment() []string {
	return []string{
		"APPYPIE_API_URL=" + s.APIURL, "APPYPIE_TOKEN_URL=" + s.TokenURL,
		"APPYPIE_CLIENT_ID=" + s.ClientID, "APPYPIE_CLIENT_SECRET=" + s.ClientSecret, "APPYPIE_REFRESH_TOKEN=" + s.RefreshToken,
	}
}

// ask makes one request to the admin path and reads the answer into result. Each
// has a connection of its own, so that they can be told from those of a provider.
func (s *service) ask(ctx context.Context, method, path string, result any) error {
	req, err := http.NewRequestWithContext(ctx, method, s.URL+"/_simulator/"+path, http.NoBody)
	if err != nil {
		return fmt.Errorf("ask the simulator: %w", err)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: requestTimeout}
	resp, err := client.Do(req)
	if err != nil {
		return fmt.Errorf("ask the simulator: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the simulator answered %s %s with %s", method, path, resp.Status)
	}
	if err := json.NewDecoder(resp.Body).Decode(result); err != nil {
		return fmt.Errorf("the simulator's answer to %s: %w", path, err)
	}
	return nil
}

// matchTitle is a popular match whose steps need no account.
const matchTitle = "Call a webhook every hour"

// login makes an access token outside the login of the real provider, and finds
// the popular match that the connects are made from.
func (s *site) login(ctx context.Context, space *tfrun.Workspace, companion string) (match string, err error) {
	var made struct {
		RefreshToken string `json:"refresh_token"`
	}
	if err := s.service.ask(ctx, http.MethodPost, "login", &made); err != nil {
		return "", err
	}
	environment := append(append(space.Environment(), s.service.environment()...),
		"APPYPIE_REFRESH_TOKEN="+made.RefreshToken, "APPYPIE_TOKEN_STORE_PATH="+space.Path("other-tokens"))
	call := func(args ...string) ([]byte, error) {
		output, err := tfrun.Command(ctx, space.Root, environment, companion, args...).Output()
		if err != nil {
			err = fmt.Errorf("appypie %s: %w", args[0], err)
		}
		return output, err
	}
	token, err := call("token", "--raw")
	if err != nil {
		return "", err
	}
	s.token = strings.TrimSpace(string(token))
	listed, err := call("matches", "Schedule", "Webhooks", "--json")
	if err != nil {
		return "", err
	}
	var matches []struct{ ID, Title string }
	if err := json.Unmarshal(listed, &matches); err != nil {
		return "", fmt.Errorf("read the popular matches: %w", err)
	}
	for _, one := range matches {
		if one.Title == matchTitle {
			return one.ID, nil
		}
	}
	return "", fmt.Errorf("the simulator has no popular match %q", matchTitle)
}

// traffic is what the service saw.
type traffic struct {
	Requests    map[string]int `json:"requests_by_operation"`
	Connections int64          `json:"connections_opened"`
}

func (t traffic) total() (sum int64) {
	for _, count := range t.Requests {
		sum += int64(count)
	}
	return sum
}

// watch forgets what was and returns a function that tells what came since.
func (s *site) watch(ctx context.Context) (func() (traffic, error), error) {
	var before traffic
	err := errors.Join(s.service.ask(ctx, http.MethodDelete, "journal", &struct{}{}), s.service.ask(ctx, http.MethodGet, "summary", &before))
	return func() (traffic, error) {
		var after traffic
		err := s.service.ask(ctx, http.MethodGet, "summary", &after)
		// The question itself came on a connection.
		after.Connections -= before.Connections + 1
		return after, err
	}, err
}
