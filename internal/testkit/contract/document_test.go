package contract_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/contract"
)

// pages maps the operations that a page of the public reference states to that
// page. It is written by hand, so that a change of the document has to be made
// twice to pass.
func pages() map[string]string {
	return map[string]string{
		"get_profile":                    "get-profile",
		"connect_account":                "connect-account",
		"get_connected_account_by_token": "by-token",
		"list_connected_accounts":        "by-appid-or-accountid",
		"get_action":                     "action-detail-by-id",
		"authorize":                      "build-authorization-url",
		"create_token":                   "generate-access-token",
		"create_platform_key":            "authentication",
	}
}

func load(tb testing.TB) *contract.Document {
	tb.Helper()
	document, err := contract.Load()
	if err != nil {
		tb.Fatal(err)
	}
	return document
}

func TestOperations(t *testing.T) {
	t.Parallel()
	got := map[string]string{}
	var order []string
	for _, op := range load(t).Operations() {
		order = append(order, op.ID)
		if op.Provenance.Page != "" {
			got[op.ID] = op.Provenance.Page
		}
		want := contract.Documented
		if op.Provenance.Page == "" {
			want = contract.Assumed
		}
		if op.Provenance.Status != want {
			t.Errorf("%s: status %q, page %q", op.ID, op.Provenance.Status, op.Provenance.Page)
		}
	}
	if diff := cmp.Diff(pages(), got); diff != "" {
		t.Errorf("operations and their pages (-want +got):\n%s", diff)
	}
	if !slices.IsSorted(order) {
		t.Errorf("not sorted: %v", order)
	}
}

func TestOperationPaths(t *testing.T) {
	t.Parallel()
	want := map[string]string{
		"authorize":           "GET /oAuth/authorize",
		"create_token":        "POST /v1/oauth2/token",
		"create_platform_key": "POST /create-refresh-token",
		"edit_action_options": "PUT /api/v2/integrations/connect/action-options/{connectId}/{stepId}",
		"list_connects":       "GET /api/v2/integrations/connects",
		"delete_connect":      "DELETE /api/v2/integrations/connect/{connectId}",
	}
	got := map[string]string{}
	for _, op := range load(t).Operations() {
		if _, ok := want[op.ID]; ok {
			got[op.ID] = op.Method + " " + op.Path
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("paths (-want +got):\n%s", diff)
	}
}

func TestCoverage(t *testing.T) {
	t.Parallel()
	coverage := contract.NewCoverage(load(t))
	var all []string
	for _, op := range load(t).Operations() {
		all = append(all, op.ID)
	}
	if diff := cmp.Diff(all, coverage.Missing()); diff != "" {
		t.Errorf("missing at first (-want +got):\n%s", diff)
	}
	var group sync.WaitGroup
	for _, id := range all {
		if strings.HasPrefix(id, "turn_") {
			continue
		}
		group.Go(func() { coverage.Record(id) })
	}
	group.Wait()
	coverage.Record("")
	coverage.Record("no_such_operation")
	if diff := cmp.Diff([]string{"turn_off_connect", "turn_on_connect"}, coverage.Missing()); diff != "" {
		t.Errorf("missing at last (-want +got):\n%s", diff)
	}
}
