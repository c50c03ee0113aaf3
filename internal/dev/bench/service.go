package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/tfrun"
)

// matchTitle is a popular match whose steps need no account.
const matchTitle = "Call a webhook every hour"

// login makes an access token outside the login of the real provider, and finds
// the popular match that the connects are made from.
func (s *site) login(ctx context.Context, space *tfrun.Workspace, companion string) (match string, err error) {
	var made struct {
		RefreshToken string `json:"refresh_token"`
	}
	if err := s.service.Ask(ctx, http.MethodPost, "login", &made); err != nil {
		return "", err
	}
	environment := append(append(space.Environment(), s.service.Info.Environment()...),
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
	err := errors.Join(s.service.Ask(ctx, http.MethodDelete, "journal", nil), s.service.Ask(ctx, http.MethodGet, "summary", &before))
	return func() (traffic, error) {
		var after traffic
		err := s.service.Ask(ctx, http.MethodGet, "summary", &after)
		// The question itself came on a connection.
		after.Connections -= before.Connections + 1
		return after, err
	}, err
}
