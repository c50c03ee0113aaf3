package simulator

import (
	"cmp"
	"net/http"
	"slices"
)

// callbackMember is the one member of connect_account's body (documented).
const callbackMember = "appypie-partner-cb"

// accountTicket is a link that lets a person connect an account, once.
type accountTicket struct {
	AppID    string `json:"app_id"`
	Callback string `json:"callback"`
	By       string `json:"by,omitempty"` // the client that asked for the link
	Used     bool   `json:"used"`
}

type wireAccount struct {
	ID        string `json:"_id"`
	AppID     string `json:"appId"`
	Name      string `json:"name"`
	Status    string `json:"status"`
	CreatedAt string `json:"_created_at"`
	UpdatedAt string `json:"_updated_at"`
}

func toWireAccount(a *Account) wireAccount {
	return wireAccount{
		ID: a.ID, AppID: a.AppID, Name: a.Name, Status: a.Status,
		CreatedAt: wireTime(a.CreatedAt), UpdatedAt: wireTime(a.UpdatedAt),
	}
}

// listConnectedAccounts takes exactly one of accountId and appId (documented).
// An id that nothing has lists nothing: a filter is no lookup.
func (s *Service) listConnectedAccounts(c *call) (any, error) {
	accountID, appID := c.query.Get("accountId"), c.query.Get("appId")
	if (accountID == "") == (appID == "") {
		return nil, badRequest("give exactly one of accountId and appId")
	}
	var found []*Account
	for _, account := range c.world.accounts {
		if account.ID == accountID || account.AppID == appID {
			found = append(found, account)
		}
	}
	return paginate(c, found, toWireAccount)
}

func (s *Service) getConnectedAccountByToken(c *call) (any, error) {
	token := c.query.Get("t")
	if token == "" {
		return nil, badField("t", "is required")
	}
	account, ok := c.world.account(s.grants.Callbacks[token])
	if !ok {
		return nil, &apiError{status: http.StatusNotFound, message: "no connected account has this token"}
	}
	return toWireAccount(account), nil
}

// connectAccount answers the link at which a person connects an account.
func (s *Service) connectAccount(c *call) (any, error) {
	app, ok := s.cat.App(c.params["appId"])
	if !ok {
		return nil, notFound("app", c.params["appId"])
	}
	if app.SeoLink != c.params["seoLink"] {
		return nil, notFound("app with the seoLink", c.params["seoLink"])
	}
	if app.AuthType == "" {
		return nil, badRequest(app.Name + " needs no connected account")
	}
	if app.AuthType != c.params["authType"] {
		return nil, badField("authType", "of "+app.Name+" is "+app.AuthType)
	}
	body := map[string]string{}
	if err := decodeObject(c.body, c.route.body, &body); err != nil {
		return nil, err
	}
	if !isAbsoluteURL(body[callbackMember]) {
		return nil, badField(callbackMember, "must be an absolute http or https URL without a fragment")
	}
	ticket := s.nextSecret("ticket")
	s.grants.Tickets[ticket] = &accountTicket{AppID: app.ID, Callback: body[callbackMember], By: clientOf(c.req)}
	return map[string]string{"url": "http://" + c.req.Host + accountPagePrefix + ticket}, nil
}

// decideAccount connects an account or not, and sends the browser back.
func (s *Service) decideAccount(ticket *accountTicket, allowed bool) reply {
	ticket.Used = true
	s.dirty = true
	app, ok := s.cat.App(ticket.AppID)
	if !allowed || !ok {
		return redirectReply(withQuery(ticket.Callback, map[string]string{"error": "access_denied"}))
	}
	// Without a person at the page, it is the client that connects the account.
	by := byHand
	if s.cfg.AutoAuthorize {
		by = cmp.Or(ticket.By, byOther)
	}
	before := s.world
	account := s.insertAccount(app)
	s.record(before, by)
	token := s.nextSecret("cb")
	s.grants.Callbacks[token] = account.ID
	return redirectReply(withQuery(ticket.Callback, map[string]string{"t": token}))
}

// changeAccount replaces an account, or removes it when change returns nil.
func (s *Service) changeAccount(id string, change func(Account) *Account) bool {
	i := slices.IndexFunc(s.world.accounts, func(a *Account) bool { return a.ID == id })
	if i < 0 {
		return false
	}
	next := s.world
	next.accounts = slices.Clone(s.world.accounts)
	if changed := change(*next.accounts[i]); changed != nil {
		next.accounts[i] = changed
	} else {
		next.accounts = slices.Delete(next.accounts, i, i+1)
	}
	before := s.world
	s.commit(next)
	s.record(before, byHand)
	return true
}
