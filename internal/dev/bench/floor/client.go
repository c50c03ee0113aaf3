package floor

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"
)

const (
	// idleConnections is Terraform's default parallelism.
	idleConnections = 10
	requestTimeout  = time.Minute
	pageSize        = 100
	statusOn        = "ON"
)

// wireConnect is a connect as the service shows it.
type wireConnect struct {
	ID             string     `json:"_id"`
	Name           string     `json:"name"`
	PopularMatchID string     `json:"popularMatchId"`
	Status         string     `json:"status"`
	Trigger        wireStep   `json:"trigger"`
	Actions        []wireStep `json:"actions"`
	CreatedAt      string     `json:"_created_at"`
	UpdatedAt      string     `json:"_updated_at"`
}

type wireStep struct {
	StepID    string            `json:"stepId"`
	AppID     string            `json:"appId"`
	TriggerID string            `json:"triggerId"`
	ActionID  string            `json:"actionId"`
	AccountID *string           `json:"accountId"`
	Options   map[string]string `json:"options"`
}

// client makes requests and nothing else: what fails, fails.
type client struct {
	http       *http.Client
	base, auth string

	// The one listing that answers every read.
	once    sync.Once
	listed  map[string]wireConnect
	failure error

	// made are the actions of connects that this process made, by id, and locks
	// their locks.
	made, locks sync.Map
}

func newClient(base, token string) *client {
	return &client{
		http: &http.Client{
			Timeout:   requestTimeout,
			Transport: &http.Transport{MaxIdleConns: idleConnections, MaxIdleConnsPerHost: idleConnections},
		},
		base: base, auth: "Bearer " + token,
	}
}

// list returns all connects as they were at the first read.
func (c *client) list(ctx context.Context) (map[string]wireConnect, error) {
	// The listing outlives the read that asks for it first.
	c.once.Do(func() { c.listed, c.failure = c.prefetch(context.WithoutCancel(ctx)) })
	return c.listed, c.failure
}

// soleAction is the step of the action of a connect: one that this process made, or
// one that is listed.
func (c *client) soleAction(ctx context.Context, id string) (string, error) {
	made, _ := c.made.Load(id)
	actions, _ := made.([]wireStep)
	if len(actions) == 0 {
		all, err := c.list(ctx)
		if err != nil {
			return "", err
		}
		actions = all[id].Actions
	}
	if len(actions) == 0 {
		return "", fmt.Errorf("connect %s has no action", id)
	}
	return actions[0].StepID, nil
}

// lock keeps others from a connect until the function that it returns is called.
func (c *client) lock(id string) func() {
	held, _ := c.locks.LoadOrStore(id, &sync.Mutex{})
	mutex, ok := held.(*sync.Mutex)
	if !ok {
		return func() {}
	}
	mutex.Lock()
	return mutex.Unlock
}

// prefetch reads all pages.
func (c *client) prefetch(ctx context.Context) (map[string]wireConnect, error) {
	all := map[string]wireConnect{}
	for page := 1; ; page++ {
		var answer struct {
			Data  []wireConnect `json:"data"`
			Total int           `json:"total"`
		}
		path := "/connects?page=" + strconv.Itoa(page) + "&limit=" + strconv.Itoa(pageSize)
		if err := c.do(ctx, http.MethodGet, path, nil, &answer); err != nil {
			return nil, err
		}
		for i := range answer.Data {
			all[answer.Data[i].ID] = answer.Data[i]
		}
		if len(answer.Data) == 0 || page*pageSize >= answer.Total {
			return all, nil
		}
	}
}

// write makes a request whose answer is a connect.
func (c *client) write(ctx context.Context, method, path string, body any) (wireConnect, error) {
	var answer struct {
		Data wireConnect `json:"data"`
	}
	err := c.do(ctx, method, path, body, &answer)
	return answer.Data, err
}

func (c *client) do(ctx context.Context, method, path string, body, answer any) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("%s %s: %w", method, path, err)
		}
	}()
	var payload bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&payload).Encode(body); err != nil {
			return err
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, &payload)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", c.auth)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	content, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", resp.Status, content)
	}
	return json.Unmarshal(content, answer)
}
