package reliability_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/auth"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

// share is what one runner is told: where the service is, which login it shares
// with the others, and what is its own.
type share struct {
	Name, URL, Store, ClientID, Secret, Seed string
	// Whole are connects of which both steps are its own, Part those of which the
	// step of a kind is.
	Whole, Part []string
	Kind        connectapi.EventKind
	// Connects is how many the account has.
	Connects int
}

// turn is one round of work: to read everything, and to write a generation of
// options. Ahead is how far the service's clock is ahead of the machine's.
type turn struct {
	Generation int
	Ahead      time.Duration
}

// tale is what a runner says of a round.
type tale struct {
	Err string
	// Took is how long the round was.
	Took time.Duration
	// Memory is what the process has from the system, in bytes.
	Memory uint64
}

// minute and url are what a runner writes: a choice and a text.
func minute(generation int) string { return []string{"00", "15", "30", "45"}[generation%4] }

func url(id string, generation int) string {
	return fmt.Sprintf("https://hooks.example.com/%s/%d", id, generation)
}

// runner is one client with its own handles of the login store, as the process of
// a pipeline has it.
type runner struct {
	share

	client *connectapi.Client
	clock  *simulator.ShiftClock
	idle   func()
}

func newRunner(s share, clock *simulator.ShiftClock) (*runner, error) {
	httpClient, err := connectapi.NewHTTPClient(connectapi.TransportConfig{UserAgent: s.Name})
	if err != nil {
		return nil, err
	}
	tokens, err := auth.New(auth.Config{
		ClientID: s.ClientID, ClientSecret: s.Secret, RefreshToken: s.Seed, TokenURL: s.URL + "/v1/oauth2/token",
		Store: auth.StoreConfig{Path: s.Store}, HTTPClient: httpClient, Clock: clock,
	})
	if err != nil {
		return nil, err
	}
	client, err := connectapi.New(connectapi.Config{BaseURL: s.URL + simulator.APIBase, HTTPClient: httpClient, Tokens: tokens, Clock: clock})
	return &runner{share: s, client: client, clock: clock, idle: httpClient.CloseIdleConnections}, err
}

// play reads all connects and changes those of the runner, as many at once as
// Terraform does.
func (r *runner) play(ctx context.Context, t turn) (tale, error) {
	began := time.Now()
	all, err := r.client.Connects(ctx)
	if err == nil && len(all) != r.share.Connects {
		err = fmt.Errorf("%s sees %d of %d connects", r.Name, len(all), r.share.Connects)
	}
	if err != nil {
		return tale{}, err
	}
	trigger := connectapi.StepChange{Kind: connectapi.TriggerEvent, Set: map[string]string{"minute": minute(t.Generation)}}
	action := func(id string) connectapi.StepChange {
		return connectapi.StepChange{Kind: connectapi.ActionEvent, Set: map[string]string{"url": url(id, t.Generation)}}
	}
	todo := map[string][]connectapi.StepChange{}
	for _, id := range r.Whole {
		todo[id] = []connectapi.StepChange{trigger, action(id)}
	}
	for _, id := range r.Part {
		todo[id] = []connectapi.StepChange{action(id)}
		if r.Kind == connectapi.TriggerEvent {
			todo[id] = []connectapi.StepChange{trigger}
		}
	}
	err = r.each(todo, func(id string, steps []connectapi.StepChange) error {
		if _, err := r.client.Connect(ctx, id); err != nil {
			return err
		}
		_, err := r.client.Apply(ctx, id, nil, connectapi.Change{Pause: true, Steps: steps})
		return err
	})
	return tale{Took: time.Since(began)}, err
}

func (r *runner) each(todo map[string][]connectapi.StepChange, do func(id string, steps []connectapi.StepChange) error) error {
	queue := make(chan string)
	failed := make([]error, parallelism)
	var group sync.WaitGroup
	for i := range parallelism {
		group.Go(func() {
			for id := range queue {
				if err := do(id, todo[id]); err != nil {
					failed[i] = errors.Join(failed[i], fmt.Errorf("%s: connect %s: %w", r.Name, id, err))
				}
			}
		})
	}
	for id := range todo {
		queue <- id
	}
	close(queue)
	group.Wait()
	return errors.Join(failed...)
}

// serveRunner is a runner in a process of its own: it reads its share and then a
// turn a line, and answers each turn with its tale.
func serveRunner(in io.Reader, out io.Writer) error {
	turns, tales := json.NewDecoder(in), json.NewEncoder(out)
	var mine share
	if err := turns.Decode(&mine); err != nil {
		return err
	}
	clock := simulator.NewShiftClock()
	r, err := newRunner(mine, clock)
	if err != nil {
		return err
	}
	for ahead := time.Duration(0); ; {
		var next turn
		if err := turns.Decode(&next); err != nil {
			return nil //nolint:nilerr // The end of the input is that of the work.
		}
		clock.Advance(next.Ahead - ahead)
		ahead = next.Ahead
		told, err := r.play(context.Background(), next)
		if told.Memory = fromSystem(); err != nil {
			told.Err = err.Error()
		}
		if err := tales.Encode(told); err != nil {
			return err
		}
	}
}

// process is a runner that is another process.
type process struct {
	in  *json.Encoder
	out *json.Decoder
	end func() error
}

func startRunner(t *testing.T, s share) *process {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0]) //nolint:gosec // this test binary.
	cmd.Env = append(os.Environ(), runnerVariable+"=1", "GORACE=atexit_sleep_ms=0")
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p := &process{in: json.NewEncoder(stdin), out: json.NewDecoder(bufio.NewReader(stdout))}
	p.end = func() error { return errors.Join(stdin.Close(), cmd.Wait()) }
	if err := p.in.Encode(s); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *process) play(_ context.Context, next turn) (tale, error) {
	var told tale
	if err := errors.Join(p.in.Encode(next), p.out.Decode(&told)); err != nil {
		return told, err
	}
	if told.Err != "" {
		return told, errors.New(told.Err)
	}
	return told, nil
}
