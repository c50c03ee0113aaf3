package account

import (
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
)

// An account of another app must never be taken for one of this app, whatever
// the service answers.
func TestBelongs(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		app  string
		want bool
	}{
		"the app":              {"crm", true},
		"another app":          {"chat", false},
		"no app in the answer": {"", true},
	}

	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := belongs(connectapi.ConnectedAccount{ID: "a1", AppID: test.app}, "crm"); got != test.want {
				t.Errorf("an account of %q belongs to crm: %t, want %t", test.app, got, test.want)
			}
		})
	}
}

func TestEmptyTextsBecomeNull(t *testing.T) {
	t.Parallel()
	account := newAccountModel(connectapi.ConnectedAccount{ID: "a1"})
	if !account.AppID.IsNull() || !account.Name.IsNull() || !account.Status.IsNull() || !account.CreatedAt.IsNull() || !account.UpdatedAt.IsNull() {
		t.Errorf("an account of nothing but an id has texts: %+v", account)
	}
	profile := newProfileModel(connectapi.Profile{ID: "u1"})
	if !profile.Name.IsNull() || !profile.Email.IsNull() || !profile.Plan.IsNull() {
		t.Errorf("a profile of nothing but an id has texts: %+v", profile)
	}
}

func TestAccountsWithoutANameAreDescribedByTheirID(t *testing.T) {
	t.Parallel()
	for want, account := range map[string]connectapi.ConnectedAccount{
		"a1":           {ID: "a1"},
		`"sales" (a1)`: {ID: "a1", Name: "sales"},
	} {
		if got := describeAccount(account); got != want {
			t.Errorf("described as %q, want %q", got, want)
		}
	}
}
