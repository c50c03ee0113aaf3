package connectapi

import (
	"context"
	"errors"
	"fmt"
)

// ConnectedAccount is a person's account at an app, authorized in a browser.
// ID, AppID and the times are documented (by-appid-or-accountid, by-token),
// Name and Status are assumed.
type ConnectedAccount struct {
	ID, AppID, Name, Status string
	// CreatedAt and UpdatedAt are RFC 3339 with milliseconds, as sent.
	CreatedAt, UpdatedAt string
}

type wireAccount struct {
	identity
	AppID     text `json:"appId"`
	Name      text `json:"name"`
	Status    text `json:"status"`
	CreatedAt text `json:"_created_at"`
	UpdatedAt text `json:"_updated_at"`
}

func (w wireAccount) public() ConnectedAccount {
	return ConnectedAccount{
		ID: w.id(), AppID: string(w.AppID), Name: string(w.Name), Status: string(w.Status),
		CreatedAt: string(w.CreatedAt), UpdatedAt: string(w.UpdatedAt),
	}
}

// ConnectedAccountsOfApp lists the accounts connected to an app.
func (c *Client) ConnectedAccountsOfApp(ctx context.Context, appID string) ([]ConnectedAccount, error) {
	return list(ctx, c, call{op: ListConnectedAccounts, query: query("appId", appID)}, wireAccount.public)
}

// ConnectedAccount returns one connected account, or an error that is
// ErrNotFound.
func (c *Client) ConnectedAccount(ctx context.Context, id string) (*ConnectedAccount, error) {
	accounts, err := list(ctx, c, call{op: ListConnectedAccounts, query: query("accountId", id)}, wireAccount.public)
	if err != nil {
		return nil, err
	}

	for i := range accounts {
		if accounts[i].ID == id {
			return &accounts[i], nil
		}
	}

	return nil, fmt.Errorf("connected account %s: %w", id, ErrNotFound)
}

// ConnectedAccountByToken returns the account that a person connected through
// an account link; token is what the callback URL received as its t parameter.
func (c *Client) ConnectedAccountByToken(ctx context.Context, token string) (*ConnectedAccount, error) {
	if token == "" {
		return nil, errors.New("the callback token is empty")
	}

	c.secrets.add(token)
	return get(ctx, c, call{op: GetConnectedAccountByToken, query: query("t", token)}, wireAccount.public)
}

// AccountLink returns a link that a person opens in a browser to connect an
// account of the app. callbackURL receives the result as its t parameter.
func (c *Client) AccountLink(ctx context.Context, app App, callbackURL string) (string, error) {
	env, err := c.do(ctx, call{
		op:     ConnectAccount,
		params: map[string]string{"authType": app.AuthType, "appId": app.ID, "seoLink": app.SeoLink},
		body:   map[string]string{"appypie-partner-cb": callbackURL},
	})
	if err != nil {
		return "", err
	}

	link, err := decodePayload[struct {
		URL text `json:"url"`
	}](env)
	if err != nil {
		return "", err
	}

	if link.URL == "" {
		return "", env.unexpected("the answer holds no url")
	}

	return string(link.URL), nil
}
