package catalog

import (
	"crypto/sha256"
	"embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"
)

//go:embed tables/*.txt
var tables embed.FS

// New builds the catalog. Equal seeds give equal catalogs; another seed gives the same contents under other ids.
func New(seed uint64) *Catalog {
	c, err := load(seed, tables)
	if err != nil {
		// The tables are compiled in and the package's tests build them, so no input of a caller can lead here.
		panic("catalog: " + err.Error())
	}
	return c
}

func load(seed uint64, files fs.FS) (*Catalog, error) {
	names, err := fs.Glob(files, "tables/*.txt")
	if err != nil {
		return nil, fmt.Errorf("find the tables: %w", err)
	}
	var r reader
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("read a table: %w", err)
		}
		if err := r.readTable(name, string(text)); err != nil {
			return nil, err
		}
	}
	b := builder{Catalog: &Catalog{
		seed:       seed,
		triggers:   make(map[string][]Event),
		actions:    make(map[string][]Event),
		categoryAt: make(map[string]int),
		appAt:      make(map[string]int),
		matchAt:    make(map[string]int),
		accountAt:  make(map[string]int),
		triggerAt:  make(map[string]place),
		actionAt:   make(map[string]place),
	}}
	if err := b.build(r.table); err != nil {
		return nil, err
	}
	return b.Catalog, nil
}

// builder turns tables into a catalog: it makes the ids and resolves the names.
type builder struct {
	*Catalog
}

func (b builder) build(t table) error {
	for _, name := range t.categories {
		id := b.ObjectID("category", slug(name))
		add(&b.categories, b.categoryAt, id, Category{ID: id, Name: name, SeoLink: slug(name)})
	}
	rows := slices.Clone(t.apps)
	slices.SortStableFunc(rows, func(x, y *appRow) int { return strings.Compare(slug(x.name), slug(y.name)) })
	for _, row := range rows {
		if err := b.addApp(row); err != nil {
			return fmt.Errorf("%s: app %q: %w", row.at, row.name, err)
		}
	}
	// Matches come last because they name the events of other apps.
	for _, row := range rows {
		for _, trigger := range row.triggers {
			for _, match := range trigger.matches {
				if err := b.addMatch(row, trigger, match); err != nil {
					return fmt.Errorf("%s: match %q: %w", match.at, match.title, err)
				}
			}
		}
	}
	return nil
}

func (b builder) addApp(row *appRow) error {
	link := slug(row.name)
	app := App{
		ID: b.appID(row.name), Name: row.name, SeoLink: link, Description: row.about, AuthType: row.auth,
		Logo: "https://assets.example.com/connect/logos/" + link + ".png",
	}
	for _, name := range row.categories {
		id := b.ObjectID("category", slug(name))
		if _, ok := b.categoryAt[id]; !ok {
			return fmt.Errorf("unknown category %q", name)
		}
		app.CategoryIDs = append(app.CategoryIDs, id)
	}
	if !add(&b.apps, b.appAt, app.ID, app) {
		return fmt.Errorf("another app has the name or the seoLink %s", link)
	}
	if err := checkLists(row); err != nil {
		return err
	}
	for _, account := range row.accounts {
		if app.AuthType == "" {
			return fmt.Errorf("needs no account but has %s", account.name)
		}
		if !b.addAccount(app, account) {
			return fmt.Errorf("account %s is there twice", account.name)
		}
	}
	for _, event := range row.triggers {
		if err := b.addEvent(row, event, false); err != nil {
			return fmt.Errorf("%s: trigger %q: %w", event.at, event.name, err)
		}
	}
	for _, event := range row.actions {
		if err := b.addEvent(row, event, true); err != nil {
			return fmt.Errorf("%s: action %q: %w", event.at, event.name, err)
		}
	}
	return nil
}

func (b builder) addAccount(app App, row accountRow) bool {
	id := b.ObjectID("account", app.SeoLink+"/"+row.name)
	created, updated := accountTimes(id)
	return add(&b.accounts, b.accountAt, id, Account{
		ID: id, AppID: app.ID, Name: row.name, Status: row.status, CreatedAt: created, UpdatedAt: updated,
	})
}

// accountTimes spreads the accounts over the months before any connect could exist, so that they look like people made them.
func accountTimes(id string) (created, updated time.Time) {
	sum := sha256.Sum256([]byte(id))
	after := time.Duration(binary.BigEndian.Uint32(sum[:4])%(200*24*60*60)) * time.Second
	later := time.Duration(binary.BigEndian.Uint32(sum[4:8])%(30*24*60*60*1000)) * time.Millisecond
	created = time.Date(2025, time.March, 3, 9, 0, 0, 0, time.UTC).Add(after)
	return created, created.Add(later)
}

func (b builder) addEvent(app *appRow, row *eventRow, action bool) error {
	event := Event{
		ID: b.eventID(app.name, row.name, action), AppID: b.appID(app.name), Name: row.name, Description: row.description,
		action: action, gives: row.gives, columns: row.columns,
	}
	if !action && len(row.gives)+len(row.columns) == 0 {
		return errors.New("a trigger needs a gives or columns line: it is what an action's options refer to")
	}
	for _, field := range row.fields {
		built, err := buildField(app, field, event.Fields)
		if err != nil {
			return fmt.Errorf("field %q: %w", field.Key, err)
		}
		event.Fields = append(event.Fields, built)
	}
	events, places := b.triggers, b.triggerAt
	if action {
		events, places = b.actions, b.actionAt
	}
	if _, ok := places[event.ID]; ok {
		return errors.New("is there twice")
	}
	places[event.ID] = place{appID: event.AppID, index: len(events[event.AppID])}
	events[event.AppID] = append(events[event.AppID], event)
	return nil
}

// buildField resolves a dynamic select's list and parents. Parents must stand before the field, as in the editor's form.
func buildField(app *appRow, row fieldRow, before []Field) (Field, error) {
	field := row.Field
	if find(before, field.Key) != nil {
		return Field{}, errors.New("is there twice")
	}
	if !field.Dynamic {
		return field, nil
	}
	source := choiceSource{appSlug: slug(app.name), list: row.list, byParent: make(map[string][]Choice)}
	for _, key := range field.DependsOn {
		parent := find(before, key)
		if parent == nil {
			return Field{}, fmt.Errorf("depends on %q, which is no field before it", key)
		}
		source.parents = append(source.parents, *parent)
	}
	for _, list := range app.lists {
		if list.name == row.list {
			source.byParent[list.parent] = list.choices
		}
	}
	if source.byParent[""] == nil {
		return Field{}, fmt.Errorf("the app has no list %q for any parent", row.list)
	}
	field.source = &source
	return field, nil
}

// checkLists catches the slips that would only show as a drop-down with the wrong choices: a list given twice for one parent, or
// for a parent that no list of the app offers.
func checkLists(app *appRow) error {
	offered := map[string]bool{"": true}
	for _, list := range app.lists {
		for _, choice := range list.choices {
			offered[choice.Label] = true
		}
	}
	type listKey struct{ name, parent string }
	seen := make(map[listKey]bool)
	for _, list := range app.lists {
		key := listKey{list.name, list.parent}
		if seen[key] {
			return fmt.Errorf("list %q is there twice for the same parent", list.name)
		}
		seen[key] = true
		if !offered[list.parent] {
			return fmt.Errorf("list %q is for %q, which no list offers", list.name, list.parent)
		}
	}
	return nil
}

func (b builder) addMatch(app *appRow, trigger *eventRow, row matchRow) error {
	match := PopularMatch{
		Title:   row.title,
		Trigger: MatchStep{AppID: b.appID(app.name), EventID: b.eventID(app.name, trigger.name, false)},
	}
	for _, step := range row.actions {
		appName, action, _ := strings.Cut(step, ": ")
		id := b.eventID(appName, action, true)
		if _, ok := b.actionAt[id]; !ok {
			return fmt.Errorf("no app has the action %q: want APP: ACTION", step)
		}
		match.Actions = append(match.Actions, MatchStep{AppID: b.appID(appName), EventID: id})
	}
	match.ID = b.ObjectID("popular match", row.title)
	if !add(&b.matches, b.matchAt, match.ID, match) {
		return errors.New("another popular match has this title")
	}
	return nil
}

func (b builder) appID(name string) string { return b.ObjectID("app", slug(name)) }

func (b builder) eventID(app, name string, action bool) string {
	kind := "trigger"
	if action {
		kind = "action"
	}
	return b.ObjectID(kind, slug(app)+"/"+slug(name))
}

func add[T any](all *[]T, index map[string]int, id string, one T) bool {
	if _, ok := index[id]; ok {
		return false
	}
	index[id] = len(*all)
	*all = append(*all, one)
	return true
}

func find(fields []Field, key string) *Field {
	for i := range fields {
		if fields[i].Key == key {
			return &fields[i]
		}
	}
	return nil
}
