package simulator

import "slices"

// What can happen to a connected account, as the page says it.
const (
	kindConnected    kind = "connected"
	kindExpired      kind = "expired"
	kindReconnected  kind = "connected again"
	kindDisconnected kind = "disconnected"
)

// ofAccount reports whether a kind is about accounts.
func (k kind) ofAccount() bool {
	return slices.Contains([]kind{kindConnected, kindExpired, kindReconnected, kindDisconnected}, k)
}

// compareAccounts notes what is different between the accounts of two worlds.
func (s *Service) compareAccounts(was, is []*Account, by string) {
	if len(was) == len(is) && len(is) > 0 && &was[0] == &is[0] {
		return // One slice, which never changes.
	}
	old := map[string]*Account{}
	for _, account := range was {
		old[account.ID] = account
	}
	for _, account := range is {
		before, known := old[account.ID]
		delete(old, account.ID)
		switch {
		case !known:
			s.noteAccount(account, by, kindConnected)
		case before.Status == account.Status:
		case account.Status == AccountActive:
			s.noteAccount(account, by, kindReconnected)
		default:
			s.noteAccount(account, by, kindExpired)
		}
	}
	for _, account := range was {
		if old[account.ID] != nil {
			s.noteAccount(account, by, kindDisconnected)
		}
	}
}

func (s *Service) noteAccount(account *Account, by string, what kind) {
	s.enter(by, change{Kind: what, AccountID: account.ID, App: s.appName(account.AppID), Name: account.Name})
}
