package tfkit_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

// files are what a folder of records holds.
func files(t *testing.T, dir string) int {
	t.Helper()
	found, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	return len(found)
}

// TestRecords: what a run recorded and no state shows is taken over once its
// process has ended, and forgotten when a state shows it.
func TestRecords(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "records")
	begun := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	now := func() time.Time { return begun }
	first := tfkit.NewRecords(dir, now)
	made, err := first.Begin("match", "made")
	if err != nil {
		t.Fatal(err)
	}
	if err := first.Made(made, "c1"); err != nil {
		t.Fatal(err)
	}
	nothing, _ := first.Begin("match", "nothing")
	nothing.Drop()
	if _, err := first.Begin("match", "unanswered"); err != nil {
		t.Fatal(err)
	}
	if !first.Knows("c1") || first.Abandoned("match", "made") != nil {
		t.Error("a run takes over its own record, or does not know what it made")
	}

	// The first run still lives: the lock is held by this very process.
	second := tfkit.NewRecords(dir, now)
	if !second.Knows("c1") || second.Knows("c2") || second.Abandoned("match", "made") != nil {
		t.Error("a living run is robbed, or not known")
	}
	first.End()

	third := tfkit.NewRecords(dir, now)
	if got := third.Abandoned("match", "unanswered"); got == nil || got.ConnectID != "" || !got.BegunAt.Equal(begun) {
		t.Errorf("the creation without an answer: %+v", got)
	}
	if third.Abandoned("match", "unanswered") != nil || third.Abandoned("match", "nothing") != nil {
		t.Error("a record is taken over twice, or one that was dropped")
	}
	if got := third.Held("c1"); !got.Equal(begun) {
		t.Errorf("the connect was begun %v", got)
	}
	third.End()

	// One record is still open, so the file is still there.
	fourth := tfkit.NewRecords(dir, now)
	taken := fourth.Abandoned("match", "unanswered")
	if taken == nil {
		t.Fatal("a record was lost with the run that had taken it over")
	}
	taken.Drop()
	fourth.Held("c1")
	fourth.End()
	if left := files(t, dir); left != 0 {
		t.Errorf("%d files are left", left)
	}
}

// TestRecordsCutOff: a line that was cut off is no creation, and hides no other.
func TestRecordsCutOff(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	text := `{"number":1,"popular_match_id":"m","name":"a"}` + "\n" + `{"number":1,"connect_id":"c1"}` + "\n" + `{"number":2,"popular_ma`
	if err := os.WriteFile(filepath.Join(dir, "run-1.jsonl"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	records := tfkit.NewRecords(dir, time.Now)
	if got := records.Abandoned("m", "a"); got == nil || got.ConnectID != "c1" {
		t.Errorf("taken over: %+v", got)
	}
	records.End()
}
