package simulator

import (
	"encoding/json"
	"maps"
	"slices"
	"sort"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator/catalog"
)

// Status words of a connect.
const (
	StatusOn  = "ON"
	StatusOff = "OFF"
	// StatusDraft is a connect that was never turned on, under QuirkDraft.
	StatusDraft = "Draft"

	// oddStatus is a word that no client can know.
	oddStatus = "HIBERNATING"
)

// Status words of a connected account.
const (
	AccountActive  = "active"
	AccountExpired = "expired"
)

// Connect is a connect as the service holds it, with secret values in the clear.
type Connect struct {
	ID             string    `json:"id"`
	Name           string    `json:"name"`
	PopularMatchID string    `json:"popular_match_id"`
	Status         string    `json:"status"`
	Trigger        Step      `json:"trigger"`
	Actions        []Step    `json:"actions"`
	CreatedAt      time.Time `json:"created_at"`
	UpdatedAt      time.Time `json:"updated_at"`
	// Tested is whether the last test succeeded and nothing was edited since.
	Tested bool `json:"tested"`
	// Seq is the place in the order of creation.
	Seq uint64 `json:"seq"`
}

// Step is the trigger or one action of a connect.
type Step struct {
	StepID    string            `json:"step_id"`
	AppID     string            `json:"app_id"`
	EventID   string            `json:"event_id"`   // the trigger's or action's id in the catalog
	AccountID string            `json:"account_id"` // empty: none chosen
	Options   map[string]string `json:"options"`
	// Typed is the options whose value is no text (5, true, {"a": "b"}, null), as
	// the JSON they are. A key is in Options or in Typed, never in both.
	Typed map[string]json.RawMessage `json:"typed,omitempty"`
}

// SetOption gives an option any JSON value; a text goes to Options, everything
// else to Typed.
func (s *Step) SetOption(key string, value json.RawMessage) {
	delete(s.Options, key)
	delete(s.Typed, key)
	if text, ok := textOf(value); ok {
		s.Options[key] = text
		return
	}
	s.Typed[key] = slices.Clone(value)
}

// Account is a connected account as the service holds it.
type Account struct {
	ID        string    `json:"id"`
	AppID     string    `json:"app_id"`
	Name      string    `json:"name"`
	Status    string    `json:"status"` // AccountActive or AccountExpired
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

// HistoryEntry is one line of a connect's history.
type HistoryEntry struct {
	ID         string    `json:"id"`
	ConnectID  string    `json:"connect_id"`
	Status     string    `json:"status"` // "success" or "failed"
	Message    string    `json:"message"`
	StartedAt  time.Time `json:"started_at"`
	FinishedAt time.Time `json:"finished_at"`
	Tasks      int       `json:"tasks"` // actions carried out
	// Steps is what a test showed; none for what is no test.
	Steps []wireStepSample `json:"steps,omitempty"`
}

// clone returns a copy that shares nothing with the original.
func (c *Connect) clone() *Connect {
	d := *c
	d.Trigger = c.Trigger.clone()
	d.Actions = make([]Step, len(c.Actions))
	for i, action := range c.Actions {
		d.Actions[i] = action.clone()
	}
	return &d
}

func (s *Step) clone() Step {
	options, typed := map[string]string{}, map[string]json.RawMessage{}
	maps.Copy(options, s.Options)
	maps.Copy(typed, s.Typed)
	copied := *s
	copied.Options, copied.Typed = options, typed
	return copied
}

// steps returns pointers to all steps, the trigger first.
func (c *Connect) steps() []*Step {
	all := []*Step{&c.Trigger}
	for i := range c.Actions {
		all = append(all, &c.Actions[i])
	}
	return all
}

// world is everything that connects are made of at one moment. Its slices and
// what they point to are never changed in place: a write builds the next world.
// That makes an older world free to keep (a stale listing), a write free to
// undo (an answer that lies), and an answer safe to encode without the lock.
type world struct {
	connects []*Connect // by Seq
	accounts []*Account // the catalog's first, then by time of connection
	history  []*HistoryEntry
}

// keptWorlds is how many writes a stale listing can go back.
const keptWorlds = 16

func newWorld(cat *catalog.Catalog) world {
	var w world
	for _, a := range cat.Accounts() {
		account := Account(a)
		w.accounts = append(w.accounts, &account)
	}
	return w
}

// connect finds a connect by id. The place of an id in the order of creation
// never changes, so one index serves worlds old and new.
func (s *Service) connect(w world, id string) (*Connect, error) {
	if i, ok := s.position(w, id); ok {
		return w.connects[i], nil
	}
	return nil, notFound("connect", id)
}

func (s *Service) position(w world, id string) (int, bool) {
	seq, known := s.places[id]
	if !known {
		return 0, false
	}
	i := sort.Search(len(w.connects), func(i int) bool { return w.connects[i].Seq >= seq })
	return i, i < len(w.connects) && w.connects[i].ID == id
}

func (w world) account(id string) (*Account, bool) {
	i := slices.IndexFunc(w.accounts, func(a *Account) bool { return a.ID == id })
	if i < 0 {
		return nil, false
	}
	return w.accounts[i], true
}

// commit makes next the present and remembers the world it replaces.
func (s *Service) commit(next world) {
	s.past = append(s.past, s.world)
	if len(s.past) > keptWorlds {
		s.past = s.past[1:]
	}
	s.world = next
	s.dirty = true
	s.bell.ring()
}

// before returns the world as it was so many writes ago, or the oldest kept.
func (s *Service) before(writes int) world {
	if len(s.past) == 0 {
		return s.world
	}
	return s.past[max(0, len(s.past)-max(1, writes))]
}

// replaceConnect commits a changed connect and moves its time of update on, by
// a millisecond if need be: a change that nobody can see by its time is a trap
// this service does not set.
func (s *Service) replaceConnect(changed *Connect, history ...*HistoryEntry) {
	i, ok := s.position(s.world, changed.ID)
	if !ok {
		return
	}
	changed.UpdatedAt = s.now()
	if old := s.world.connects[i].UpdatedAt; !changed.UpdatedAt.After(old) {
		changed.UpdatedAt = old.Add(time.Millisecond)
	}
	next := s.world
	next.connects = slices.Clone(s.world.connects)
	next.connects[i] = changed
	next.history = append(slices.Clip(s.world.history), history...)
	s.commit(next)
}

func (s *Service) insertConnect(match *catalog.PopularMatch, name string) *Connect {
	now := s.now()
	c := &Connect{
		ID: s.nextID("connect"), Name: name, PopularMatchID: match.ID, Status: StatusOff,
		Trigger:   s.newStep(match.Trigger),
		CreatedAt: now, UpdatedAt: now, Seq: s.counter,
	}
	if s.quirkSet()[QuirkDraft] {
		c.Status = StatusDraft
	}
	for _, action := range match.Actions {
		c.Actions = append(c.Actions, s.newStep(action))
	}
	s.places[c.ID] = c.Seq
	next := s.world
	next.connects = append(slices.Clip(s.world.connects), c)
	s.commit(next)
	return c
}

func (s *Service) newStep(m catalog.MatchStep) Step {
	return Step{StepID: s.nextID("step"), AppID: m.AppID, EventID: m.EventID, Options: map[string]string{}, Typed: map[string]json.RawMessage{}}
}

func (s *Service) removeConnect(id string) {
	i, ok := s.position(s.world, id)
	if !ok {
		return
	}
	next := s.world
	next.connects = slices.Delete(slices.Clone(s.world.connects), i, i+1)
	s.commit(next)
}

func (s *Service) insertAccount(app *catalog.App) *Account {
	now := s.now()
	account := &Account{
		ID: s.nextID("account"), AppID: app.ID, Name: app.Name + " account",
		Status: AccountActive, CreatedAt: now, UpdatedAt: now,
	}
	next := s.world
	next.accounts = append(slices.Clip(s.world.accounts), account)
	s.commit(next)
	return account
}
