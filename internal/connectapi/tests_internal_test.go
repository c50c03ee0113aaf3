package connectapi

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/auth"
)

// TestLateNoteIsNoTest: an entry that only now shows up, but began no later than
// our last write, is not the outcome of a test that came after that write.
func TestLateNoteIsNoTest(t *testing.T) {
	t.Parallel()
	const written = "2026-11-22T06:00:00.500Z"

	for started, found := range map[string]bool{
		"2026-11-22T06:00:00.499Z": false, written: false, "2026-11-22T06:00:00.501Z": true, "": false,
	} {
		t.Run(started, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				_ = json.NewEncoder(w).Encode(map[string]any{"success": true, "total": 1, "data": []any{
					map[string]any{"_id": "late", "status": "success", "message": "Turned off", "startedAt": started},
				}})
			}))
			t.Cleanup(server.Close)

			tokens, err := auth.New(auth.Config{AccessToken: "token"})
			if err != nil {
				t.Fatal(err)
			}
			client, err := New(Config{BaseURL: server.URL, HTTPClient: server.Client(), Settle: []time.Duration{0}, Tokens: tokens})
			if err != nil {
				t.Fatal(err)
			}
			entry, err := client.recoverTest(t.Context(), "c", map[string]bool{}, written)
			if err != nil || (entry != nil) != found {
				t.Errorf("entry %+v, error %v", entry, err)
			}
		})
	}
}
