package steps_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/steps"
)

// TestStepsAreCheckedAtOnce: the first answer comes once both steps have asked, so
// that steps that are checked in a row get none.
func TestStepsAreCheckedAtOnce(t *testing.T) {
	t.Parallel()
	env := newEnv(t)
	service, err := url.Parse(env.URL)
	if err != nil {
		t.Fatal(err)
	}
	forward := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(service) }}
	var asked atomic.Int32
	both := make(chan struct{})
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "/trigger/detail/") || strings.Contains(r.URL.Path, "/action/detail/") {
			if asked.Add(1) == 2 {
				close(both)
			}
			select {
			case <-both:
			case <-r.Context().Done():
			}
		}
		forward.ServeHTTP(w, r)
	}))
	t.Cleanup(proxy.Close)
	env.URL = proxy.URL
	trigger := validated(t, env, connectapi.TriggerEvent, map[string]any{"spreadsheet": "{{a}}", "worksheet": "{{b}}"})
	action := validated(t, env, connectapi.ActionEvent, map[string]any{"list": "{{a}}", "email": "{{email}}"})
	action.Provider = trigger.Provider

	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for _, one := range steps.RunAll(ctx, []steps.Validation{trigger, action}) {
		t.Errorf("%s: %s", one.Summary(), one.Detail())
	}
	if got := asked.Load(); got != 2 {
		t.Errorf("%d requests", got)
	}
}
