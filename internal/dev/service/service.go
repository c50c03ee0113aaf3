// Package service runs the companion's simulator as a process of its own, and
// speaks to its admin path, for the programs that need a service beside the
// real Terraform.
package service

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
	readyWithin    = 30 * time.Second
	readyInterval  = 10 * time.Millisecond
	requestTimeout = time.Minute
)

// Info is what the simulator writes into its ready file.
type Info struct {
	URL          string `json:"url"`
	APIURL       string `json:"api_url"`
	TokenURL     string `json:"token_url"`
	ClientID     string `json:"client_id"`
	ClientSecret string `json:"client_secret"`
	RefreshToken string `json:"refresh_token"`
}

// Environment are the addresses and credentials, as the provider takes them.
func (i Info) Environment() []string {
	return []string{
		"APPYPIE_API_URL=" + i.APIURL,
		"APPYPIE_TOKEN_URL=" + i.TokenURL,
		"APPYPIE_CLIENT_ID=" + i.ClientID,
		"APPYPIE_CLIENT_SECRET=" + i.ClientSecret,
		"APPYPIE_REFRESH_TOKEN=" + i.RefreshToken,
	}
}

// Admin makes requests to the admin path of a simulator. Each has a connection
// of its own, so that they can be told from those of a provider.
type Admin struct {
	url  string
	http *http.Client
}

// NewAdmin returns the client for the simulator at a URL.
func NewAdmin(url string) Admin {
	return Admin{url: url, http: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: requestTimeout}}
}

// Ask makes one request and reads the answer into result, unless that is nil.
func (a Admin) Ask(ctx context.Context, method, path string, result any) error {
	req, err := http.NewRequestWithContext(ctx, method, a.url+"/_simulator/"+path, http.NoBody)
	if err != nil {
		return fmt.Errorf("ask the simulator: %w", err)
	}
	req.Header.Set("Accept", "application/json")
	resp, err := a.http.Do(req)
	if err != nil {
		return fmt.Errorf("ask the simulator: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return fmt.Errorf("ask the simulator: %w", err)
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the simulator answered %s %s with %d: %s", req.Method, req.URL.Path, resp.StatusCode, body)
	}
	if result == nil {
		return nil
	}
	if err := json.Unmarshal(body, result); err != nil {
		return fmt.Errorf("the simulator's answer to %s: %w", req.URL.Path, err)
	}
	return nil
}

// Process is a simulator that runs.
type Process struct {
	*tfrun.Process
	Admin
	Info Info
}

// Start starts the simulator of a companion on a free loopback port and waits
// until it listens. The caller stops it, last of all.
func Start(ctx context.Context, space *tfrun.Workspace, companion string, flags ...string) (*Process, error) {
	file := space.Path("ready.json")
	args := append([]string{"simulator", "--addr=127.0.0.1:0", "--ready-file=" + file}, flags...)
	// The end of ctx does not end the simulator: Terraform may still be finishing
	// a write.
	started, err := tfrun.Start(tfrun.Command(context.WithoutCancel(ctx), space.Root, space.Environment(), companion, args...))
	if err != nil {
		return nil, err
	}
	p := &Process{Process: started}
	if err := p.ready(ctx, file); err != nil {
		return nil, errors.Join(err, p.Stop())
	}
	p.Admin = NewAdmin(p.Info.URL)
	return p, nil
}

func (p *Process) ready(ctx context.Context, file string) error {
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	ticker := time.NewTicker(readyInterval)
	defer ticker.Stop()
	for {
		content, err := os.ReadFile(filepath.Clean(file))
		if err == nil {
			if err := json.Unmarshal(content, &p.Info); err != nil {
				return fmt.Errorf("read the simulator's ready file: %w", err)
			}
			return nil
		}
		select {
		case <-ticker.C:
		case <-p.Done:
			return &tfrun.Error{Command: tfrun.Describe(p.Cmd), Reason: "ended before it listened", Output: p.Output()}
		case <-ctx.Done():
			return fmt.Errorf("wait for the simulator: %w", ctx.Err())
		}
	}
}
