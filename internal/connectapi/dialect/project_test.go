package dialect_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
)

func answerOf(t *testing.T, text string) any {
	t.Helper()
	v, err := dialect.Decode([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// getConnect is a dialect whose service shows one connect.
const getConnect = "operations: {get_connect: {request: 'GET /connects/{connectId}'}}"

func TestMissing(t *testing.T) {
	t.Parallel()
	one := func(text string) func(*dialect.Dialect) error {
		return func(d *dialect.Dialect) error {
			answer, err := dialect.Decode([]byte(text))
			if err == nil {
				_, err = dialect.One[dialect.Connect](d, dialect.GetConnect, answer)
			}
			return err
		}
	}
	step := `{"stepId": "s", "options": {}}`
	for name, tc := range map[string]struct {
		overlay string
		call    func(*dialect.Dialect) error
		// want is the beginning of the error.
		want, fix string
	}{
		"nothing":        {"", one(`null`), "get_connect: connect is not in the answer", "envelope.answer"},
		"no object":      {"", one(`"x"`), "get_connect: shapes.connect expected an object but got: string (the default", "shapes.connect"},
		"no id":          {"", one(`{"name": "n"}`), "get_connect: connect.id is null; to fix it, see shapes.connect (the default dialect, line ", "shapes.connect"},
		"id is empty":    {"", one(`{"_id": ""}`), "get_connect: connect.id is empty;", "shapes.connect"},
		"id is object":   {"", one(`{"_id": {"$oid": "1"}}`), "get_connect: connect.id is object, must be string;", "shapes.connect"},
		"no name":        {"", one(`{"_id": 1, "status": "on"}`), "get_connect: connect.name is not shown;", "shapes.connect"},
		"no status":      {"", one(`{"_id": 1, "name": ""}`), "get_connect: connect.status is not shown;", "shapes.connect"},
		"strange word":   {"", one(`{"_id": 1, "name": "", "status": "zzz"}`), `get_connect: connect.status is "zzz", a word in neither words.on nor words.off; to fix it, see words.on (`, "words.on"},
		"no trigger":     {"", one(`{"_id": 1, "name": "", "status": 1}`), "get_connect: connect.trigger is not shown;", "shapes.connect"},
		"no actions":     {"", one(`{"_id": 1, "name": "", "status": 1, "trigger": ` + step + `}`), "get_connect: connect.actions is not shown;", "shapes.connect"},
		"no options":     {"", one(`{"_id": 1, "name": "", "status": 1, "trigger": {}, "actions": []}`), "get_connect: connect.trigger.options is not shown;", "shapes.step"},
		"actions':":      {"", one(`{"_id": 1, "name": "", "status": 1, "trigger": ` + step + `, "actions": [` + step + `, {"stepId": "2"}]}`), "get_connect: connect.actions[1].options is not shown;", "shapes.step"},
		"no step id":     {"", one(`{"_id": 1, "name": "", "status": 1, "trigger": ` + step + `, "actions": [{"options": {}}]}`), "get_connect: connect.actions[0].stepId is not shown", "shapes.step"},
		"options' type":  {"", one(`{"_id": 1, "trigger": {"options": []}}`), "get_connect: connect.trigger.options is array, must be object;", "shapes.step"},
		"member missing": {"\nshapes: {step: '{stepId}'}", one(`{"_id": 1, "trigger": {}}`), "get_connect: connect.trigger.appId is missing; a program yields null for what the service does not show; to fix it, see shapes.step (my.yaml:2)", "shapes.step"},
		"unknown member": {"\nshapes: {link: '{url: .u, ulr: .u}'}", func(d *dialect.Dialect) error {
			_, err := dialect.One[dialect.Link](d, dialect.ConnectAccount, map[string]any{"u": "x"})
			return err
		}, `connect_account: link.ulr is not a member (did you mean "url"?); there are: url; to fix it, see shapes.link (my.yaml:2)`, "shapes.link"},
		"several values": {"\nshapes: {link: '{url: (.u, .u)}'}", func(d *dialect.Dialect) error {
			_, err := dialect.One[dialect.Link](d, dialect.ConnectAccount, map[string]any{"u": "x"})
			return err
		}, `connect_account: shapes.link yields more than one value (my.yaml:2)`, "shapes.link"},
		"no list": {"", func(d *dialect.Dialect) error {
			_, err := dialect.List[dialect.Category](d, dialect.ListCategories, map[string]any{"success": true})
			return err
		}, "list_categories: envelope.items yields null where the list should be (the default dialect, line ", "envelope.items"},
		"entry without id": {"", func(d *dialect.Dialect) error {
			_, err := dialect.List[dialect.Category](d, dialect.ListCategories, []any{map[string]any{"name": "x"}})
			return err
		}, "list_categories: category.id is null;", "shapes.category"},
		"total": {"", func(d *dialect.Dialect) error {
			_, err := dialect.List[dialect.Category](d, dialect.ListCategories, map[string]any{"data": []any{}, "total": "many"})
			return err
		}, "list_categories: envelope.total yields string where a count should be (", "envelope.total"},
		"unread cursor": {"\nenvelope: {next: .next}", func(d *dialect.Dialect) error {
			_, err := dialect.List[dialect.Category](d, dialect.ListCategories, map[string]any{"data": []any{}, "next": "x"})
			return err
		}, "list_categories: envelope.next yields a cursor, and nothing sends it", "envelope.next"},
		"no steps": {"", func(d *dialect.Dialect) error {
			_, err := dialect.One[dialect.TestResult](d, dialect.RunTest, map[string]any{"data": map[string]any{}})
			return err
		}, "run_test: test_result.steps is null;", "shapes.test_result"},
		"no outcome": {"", func(d *dialect.Dialect) error {
			_, err := dialect.One[dialect.TestResult](d, dialect.RunTest, map[string]any{"steps": []any{map[string]any{}}})
			return err
		}, "run_test: test_result.steps[0].status is null;", "shapes.test_result"},
		"strange outcome": {"", func(d *dialect.Dialect) error {
			_, err := dialect.One[dialect.TestResult](d, dialect.RunTest, map[string]any{"steps": []any{map[string]any{"status": "maybe"}}})
			return err
		}, `run_test: test_result.steps[0].status is "maybe", a word in neither words.passed nor words.failed;`, "words.passed"},
		"errors.failed": {"\nerrors: {failed: .x}", func(d *dialect.Dialect) error {
			_, err := d.Failed(dialect.RunTest, 200, map[string]any{"x": "y"})
			return err
		}, "run_test: errors.failed yields string, must yield boolean (my.yaml:2)", "errors.failed"},
		"secret in the way": {"\nshapes: {link: '.secret | keys'}", func(d *dialect.Dialect) error {
			_, err := dialect.One[dialect.Link](d, dialect.ConnectAccount, map[string]any{"secret": "s3cr3t"})
			return err
		}, "connect_account: shapes.link keys cannot be applied to: string (my.yaml:2)", "shapes.link"},
		"error()": {"\nshapes: {link: 'error(.secret)'}", func(d *dialect.Dialect) error {
			_, err := dialect.One[dialect.Link](d, dialect.ConnectAccount, map[string]any{"secret": "s3cr3t"})
			return err
		}, "connect_account: shapes.link ended with error(…) (my.yaml:2)", "shapes.link"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := tc.call(mustLoad(t, dialect.File("my.yaml", []byte(getConnect+tc.overlay))))
			missing, ok := errors.AsType[*dialect.MissingError](err)
			if !ok || !strings.HasPrefix(err.Error(), tc.want) || missing.Fix != tc.fix {
				t.Errorf("error is %v (fix %+v), want %s", err, missing, tc.want)
			}
		})
	}
}

// TestOneBadEntry: what is wrong with one connect is no reason to lose the others.
func TestOneBadEntry(t *testing.T) {
	t.Parallel()
	d := mustLoad(t)
	good := `{"_id": "1", "name": "n", "status": "on", "trigger": {"options": {}}, "actions": [{"stepId": "s", "options": {}}]}`
	for name, bad := range map[string]string{
		"word":        `{"_id": "2", "name": "n", "status": "odd"}`,
		"no status":   `{"_id": "2", "name": "n"}`,
		"jq fails":    `{"_id": "2", "name": "n", "status": "on", "trigger": 5}`,
		"wrong shape": `{"_id": "2", "name": {"en": "n"}, "status": "on"}`,
	} {
		page, err := dialect.List[dialect.Connect](d, dialect.ListConnects, answerOf(t, "["+good+","+bad+","+good+"]"))
		if err != nil || len(page.Entries) != 3 || page.Entries[0].Err != nil || page.Entries[2].Err != nil || page.Entries[2].Value.ID != "1" {
			t.Errorf("%s: page %+v, error %v", name, page, err)
			continue
		}
		if _, ok := errors.AsType[*dialect.MissingError](page.Entries[1].Err); !ok || page.Entries[1].ID != "2" {
			t.Errorf("%s: entry %+v", name, page.Entries[1])
		}
	}
}

// TestThinList: what a list leaves out is not shown, which is not empty.
func TestThinList(t *testing.T) {
	t.Parallel()
	answer := answerOf(t, `[{"_id": "1", "name": "n", "status": "off"}]`)
	for _, overlay := range []string{"", getConnect} {
		page, err := dialect.List[dialect.Connect](mustLoad(t, dialect.File("my.yaml", []byte(overlay))), dialect.ListConnects, answer)
		if err != nil || page.Entries[0].Err != nil || page.Entries[0].Value.Trigger != nil || page.Entries[0].Value.Actions != nil {
			t.Errorf("%q: page %+v, error %v", overlay, page, err)
		}
	}
}

func TestWritten(t *testing.T) {
	t.Parallel()
	d := mustLoad(t)
	for text, want := range map[string]bool{
		`null`: false, `{"success": true}`: false, `{"data": {"name": "x"}}`: false, `{"data": "ok"}`: false, `{"data": []}`: false,
		`{"_id": "1", "status": "odd"}`: false, `{"_id": "1"}`: true, `{"data": {"_id": "1", "status": "on"}}`: true,
	} {
		connect := d.Written(dialect.TurnOnConnect, answerOf(t, text))
		if (connect != nil) != want {
			t.Errorf("%s: %+v", text, connect)
		}
		if connect != nil && connect.Status != nil && !connect.On {
			t.Errorf("%s: is not on", text)
		}
	}
}

// TestBounds: a program that does not end, or yields too much, is an error soon.
func TestBounds(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ program, want string }{
		"endless results":  {"repeat(.)", "more than one value"},
		"endless":          {"def f: f; f", "does not end"},
		"endless search":   {"first(repeat(.) | select(false))", "does not end"},
		"endless list":     {"[repeat(1)]", "does not end"},
		"large by sharing": {"reduce range(60) as $i (1; [., .])", "more than 16 MiB"},
		"large text":       {`"x" * 20000000`, "more than 16 MiB"},
		"deep":             {"reduce range(100000) as $i (1; [.])", "nested too deeply"},
		"deep objects":     {"reduce range(1000) as $i (1; {a: .})", "nested too deeply"},
		"environment":      {"$ENV.PATH // env.PATH // error", "ended with error"},
		"input":            {"input", "not allowed"},
		"debug":            {"debug", "function not defined"},
		"halt":             {"halt_error", "ended with error"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, err := dialect.Load(dialect.File("my.yaml", []byte("operations:\n  list_connects:\n    items: "+quoted(tc.program))))
			if err == nil {
				begin := time.Now()
				_, err = dialect.List[dialect.Connect](d, dialect.ListConnects, map[string]any{})
				if took := time.Since(begin); took > 30*time.Second {
					t.Errorf("took %s", took)
				}
			}
			if err == nil || !strings.Contains(err.Error(), tc.want) || !strings.Contains(err.Error(), "my.yaml:3") {
				t.Errorf("error is %v, want %q in it", err, tc.want)
			}
		})
	}
}

func quoted(program string) string { return "'" + strings.ReplaceAll(program, "'", "''") + "'" }

func TestPaging(t *testing.T) {
	t.Parallel()
	rpc := mustLoad(t, dialect.File("rpc.yaml", []byte(example(t, "rpc"))))
	rest := mustLoad(t, dialect.File("rest.yaml", []byte(example(t, "rest"))))
	whole := mustLoad(t, dialect.File("my.yaml", []byte("operations: {list_connects: {query: null}}")))
	for i, tc := range []struct {
		d    *dialect.Dialect
		op   dialect.Operation
		want string
	}{
		{mustLoad(t), dialect.ListConnects, "page"},
		{rpc, dialect.ListConnects, "offset"},
		{rest, dialect.ListConnects, "cursor"},
		{whole, dialect.ListConnects, ""},
		{rest, dialect.ListDropdownOptions, ""},
		{rest, dialect.GetApp, ""},
	} {
		if got := tc.d.Paging(tc.op); got != tc.want {
			t.Errorf("%d: %s is paged by %q, want %q", i, tc.op, got, tc.want)
		}
	}
}

func FuzzLoad(f *testing.F) {
	f.Add(string(dialect.DefaultDocument()))
	f.Add(getConnect)
	f.Add("a: &a [*a]\n")
	f.Add("operations: {run_test: {then: {request: 'GET /x/{.id | tojson}', until: .a, id: .b}}}")
	f.Fuzz(func(t *testing.T, text string) {
		d, err := dialect.Load(dialect.File("fuzz.yaml", []byte(text)))
		if err != nil {
			if _, ok := errors.AsType[*dialect.LoadError](err); !ok {
				t.Fatalf("error is a %T: %v", err, err)
			}
			return
		}
		if _, err := dialect.Load(dialect.File("again.yaml", d.Document())); err != nil {
			t.Fatalf("the document it shows does not load: %v\n%s", err, d.Document())
		}
	})
}

func FuzzProject(f *testing.F) {
	f.Add(string(pageOfConnects(2)))
	f.Add(`{"data": {"items": [{"_id": 1, "name": null, "status": "on", "trigger": {}, "actions": [[]]}]}}`)
	f.Add(`[{"_id": {"$oid": 1}}]`)
	d, err := dialect.Load()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		answer, err := dialect.Decode([]byte(text))
		if err != nil {
			return
		}
		page, err := dialect.List[dialect.Connect](d, dialect.ListConnects, answer)
		for _, entry := range page.Entries {
			if entry.ID == "" || (entry.Err == nil) != (entry.Value.ID == entry.ID && entry.Value.Name != nil && entry.Value.Trigger != nil) && entry.Err == nil {
				t.Errorf("entry %+v", entry)
			}
		}
		if _, ok := errors.AsType[*dialect.MissingError](err); err != nil && !ok {
			t.Errorf("error is a %T: %v", err, err)
		}
		if connect := d.Written(dialect.TurnOnConnect, answer); connect != nil {
			if _, err := json.Marshal(connect); err != nil {
				t.Error(err)
			}
		}
		for _, status := range []int{200, 404} {
			if _, err := d.Failed(dialect.TurnOnConnect, status, answer); err != nil {
				if _, ok := errors.AsType[*dialect.MissingError](err); !ok {
					t.Errorf("error is a %T: %v", err, err)
				}
			}
		}
	})
}
