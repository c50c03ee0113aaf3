package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
)

// matchTitle is a popular match whose steps need no account.
const matchTitle = "Call a webhook every hour"

// matchID is the popular match that the connects are made from.
func (s *site) matchID(ctx context.Context) (string, error) {
	for page := 1; ; page++ {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("%s/popular-matches?page=%d", s.service.Info.APIURL, page), http.NoBody)
		if err != nil {
			return "", fmt.Errorf("look for a popular match: %w", err)
		}
		req.Header.Set("Authorization", "Bearer "+s.token)
		var listing struct {
			Data []struct {
				ID    string `json:"_id"`
				Title string `json:"title"`
			} `json:"data"`
		}
		if err := s.service.Send(req, &listing); err != nil {
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

// login makes an access token of its own.
func (s *site) login(ctx context.Context) (string, error) {
	var made struct {
		RefreshToken string `json:"refresh_token"`
	}
	if err := s.service.Ask(ctx, http.MethodPost, "login", &made); err != nil {
		return "", err
	}
	info := s.service.Info
	body, err := json.Marshal(map[string]string{
		"grant_type": "refresh_token", "refresh_token": made.RefreshToken, "client_id": info.ClientID, "client_secret": info.ClientSecret,
	})
	if err != nil {
		return "", fmt.Errorf("ask for a token: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, info.TokenURL, bytes.NewReader(body))
	if err != nil {
		return "", fmt.Errorf("ask for a token: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	var token struct {
		AccessToken string `json:"access_token"`
	}
	err = s.service.Send(req, &token)
	return token.AccessToken, err
}

// traffic is what the service saw.
type traffic struct {
	Requests    map[string]int `json:"requests_by_operation"`
	Connections int64          `json:"connections_opened"`
}

func (t traffic) total() int64 {
	sum := 0
	for _, count := range t.Requests {
		sum += count
	}
	return int64(sum)
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
