package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/auth"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/wire"
)

const (
	// maxSkew is the difference of clocks that does no harm yet.
	maxSkew = 30 * time.Second
	// reachTimeout bounds the one request that reports whether the service answers.
	reachTimeout = 20 * time.Second
	// maxDiscarded bounds what is read of an answer that nobody looks at.
	maxDiscarded = 1 << 20
)

// ground checks everything below the operations, and reports whether there are
// credentials to call them with.
func (d doctor) ground(ctx context.Context, r *report) bool {
	invalid := d.invalid()
	if r.Checks = append(r.Checks, invalid...); len(invalid) > 0 {
		return false
	}
	d.progress.say("Reaching %s", withoutSecrets(d.apiURL()))
	status, err := auth.InspectStore(ctx, d.settings.auth)
	if err == nil {
		r.Credentials = new(viewOf(status))
		err = unusable(status)
	}
	credentials := check{Name: "credentials", Value: status.Source.Kind, Result: checkOK, Detail: string(status.Health)}
	switch {
	case err == nil && status.Health == auth.HealthOK:
		credentials.Detail = ""
	case err != nil:
		credentials.Result, credentials.Detail = checkFailed, inOneLine(err)
	}
	r.Checks = append(r.Checks, credentials)
	if status.Source.Profile != "" {
		r.Checks = append(r.Checks,
			check{Name: "profile", Value: status.Source.Profile, Result: checkOK},
			check{Name: "token_store", Value: storeText(status), Result: checkOK})
	}
	r.Checks = append(r.Checks, d.addresses(status)...)
	r.Checks = append(r.Checks, d.proxy(ctx), d.authorities())
	r.Checks = append(r.Checks, d.reach(ctx)...)
	return err == nil
}

// invalid are the settings that the provider would refuse: nothing is called then.
func (d doctor) invalid() []check {
	var list []check
	refuse := func(name, from, detail string) {
		list = append(list, check{Name: strings.ToLower(name), From: from, Result: checkFailed, Detail: detail})
	}
	for _, f := range d.settings.faults {
		from := "the environment"
		if f.name != proxySetting {
			from = variablePrefix + f.name
		}
		refuse(f.name, from, f.err.Error())
	}
	for _, name := range []string{"MAX_RETRIES", "MAX_REQUESTS_PER_SECOND", "REQUEST_TIMEOUT", "OPTION_VALIDATION"} {
		if text := d.getenv(variablePrefix + name); text != "" {
			if must := terraformOnly(name, text); must != "" {
				refuse(name, variablePrefix+name, "must be "+must)
			}
		}
	}
	for name, address := range map[string]string{"TOKEN_URL": d.settings.auth.TokenURL, "PLATFORM_KEY_URL": d.settings.platformKey.URL} {
		if err := wire.CheckURL(address); address != "" && err != nil {
			refuse(name, variablePrefix+name, err.Error())
		}
	}
	if key := d.settings.platformKey; key.TokenKey != "" || key.SecretKey != "" {
		if _, err := auth.NewPlatformKey(key); err != nil {
			refuse("TOKEN_KEY", variablePrefix+"TOKEN_KEY and "+variablePrefix+"SECRET_KEY", err.Error())
		}
	}
	if _, err := d.settings.dialect(); err != nil {
		faults := []error{err}
		if joined, ok := err.(interface{ Unwrap() []error }); ok {
			faults = joined.Unwrap()
		}
		for _, fault := range faults {
			refuse("dialect", "", fault.Error())
		}
	}
	return list
}

// terraformOnly checks a setting that only shapes Terraform's own work; empty
// means that it is valid.
func terraformOnly(name, text string) (must string) {
	const leastRate, mostRetries = 0.1, 20
	number, err := strconv.ParseFloat(text, 64)
	switch name {
	case "MAX_RETRIES":
		return unless(err == nil && number >= 0 && number <= mostRetries && number == math.Trunc(number), "a whole number from 0 to 20")
	case "MAX_REQUESTS_PER_SECOND":
		return unless(err == nil && number >= leastRate, "a number of at least 0.1")
	case "REQUEST_TIMEOUT":
		timeout, err := time.ParseDuration(text)
		return unless(err == nil && timeout >= time.Second && timeout <= time.Hour, "a duration from 1s to 1h, such as 60s or 2m")
	default:
		return unless(slices.Contains([]string{"error", "warn", "off"}, text), "error, warn or off")
	}
}

// addresses are where requests go, and who said so.
func (d doctor) addresses(status auth.Status) []check {
	list := []check{d.address("API_URL", "api_url", d.apiURL(), "the default")}
	switch status.Source.Kind {
	case auth.KindRefreshToken:
		list = append(list, d.address("TOKEN_URL", "token_url", auth.DefaultTokenURL, "the default"))
	case auth.KindLoginStore:
		if status.TokenURL != "" {
			// A variable that names another endpoint would look for another login.
			list = append(list, d.address("TOKEN_URL", "token_url", withoutSecrets(status.TokenURL), "the login store"))
		}
	}
	if d.settings.platformKey.TokenKey != "" {
		list = append(list, d.address("PLATFORM_KEY_URL", "platform_key_url", "the documented one", "the default"))
	}
	if d.settings.dialectFile != "" {
		from := "--dialect"
		if d.settings.dialectFile == d.getenv(variablePrefix+"DIALECT") {
			from = variablePrefix + "DIALECT"
		}
		list = append(list, check{Name: "dialect", Value: d.settings.dialectFile, From: from, Result: checkOK})
	}
	for _, name := range slices.Sorted(maps.Keys(d.settings.endpoints)) {
		list = append(list, check{Name: "endpoints." + name, Value: d.settings.endpoints[name], From: variablePrefix + "ENDPOINTS", Result: checkOK})
	}
	return list
}

// address is the value of a variable or the one that is used without it.
func (d doctor) address(variable, name, fallback, source string) check {
	c := check{Name: name, Value: fallback, From: source, Result: checkOK}
	if value := d.getenv(variablePrefix + variable); value != "" {
		c.Value, c.From = withoutSecrets(value), variablePrefix+variable
	}
	return c
}

func (d doctor) apiURL() string {
	if d.settings.apiURL != "" {
		return strings.TrimRight(d.settings.apiURL, "/")
	}
	return connectapi.DefaultBaseURL
}

// withoutSecrets is the part of a URL that holds no credential.
func withoutSecrets(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return "a value that is no URL"
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
}

// proxy is what stands between this machine and the API.
func (d doctor) proxy(ctx context.Context) check {
	c := check{Name: "proxy", Value: "none", Result: checkOK}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, d.apiURL(), nil)
	if err != nil {
		return c // The address itself is checked elsewhere.
	}
	proxy, err := d.proxyFor(req)
	switch {
	case err != nil:
		// The error of a URL that cannot be parsed quotes it, the password included.
		c.Value, c.Result, c.Detail = "", checkFailed, "HTTPS_PROXY or HTTP_PROXY is not a usable URL; correct or unset it"
	case proxy != nil:
		c.Value, c.From = proxy.Scheme+"://"+proxy.Host, "the environment"
	}
	return c
}

// authorities are who is trusted to vouch for the service.
func (d doctor) authorities() check {
	const variable = variablePrefix + "CA_CERTIFICATE_FILE"
	if file := d.getenv(variable); file != "" {
		return check{Name: "ca_file", Value: file, From: variable, Result: checkOK, Detail: "trusted in addition to the system's"}
	}
	return check{Name: "ca_file", Value: "none", Result: checkOK, Detail: "the system's authorities are trusted"}
}

// reach makes one request, to the base of the API and without credentials. That
// no operation is there does not matter: whoever answers is reached.
func (d doctor) reach(ctx context.Context) []check {
	c := check{Name: "reachable", Result: checkFailed}
	if err := wire.CheckURL(d.apiURL()); err != nil {
		c.Detail = err.Error()
		return []check{c}
	}
	ctx, cancel := context.WithTimeout(ctx, reachTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, d.apiURL(), nil)
	if err != nil {
		c.Detail = "the address cannot be requested"
		return []check{c}
	}
	req.Header.Set("Accept", "application/json")
	c.Value = req.URL.Host
	begun := d.now()
	resp, err := d.settings.auth.HTTPClient.Do(req)
	if err != nil {
		c.Detail = whyUnreachable(err)
		return []check{c}
	}
	took := d.now().Sub(begun)
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, maxDiscarded))
	_ = resp.Body.Close()

	c.Result, c.Detail = checkOK, fmt.Sprintf("answers, %s (HTTP %d without credentials)", tlsText(resp.TLS), resp.StatusCode)
	switch {
	case resp.StatusCode >= http.StatusInternalServerError:
		c.Result = checkFailed
	case resp.StatusCode == http.StatusProxyAuthRequired:
		c.Result, c.Detail = checkFailed, "the proxy asks for credentials; put them into HTTPS_PROXY"
	}
	return []check{c, clockCheck(resp.Header.Get("Date"), begun.Add(took/2))}
}

func tlsText(state *tls.ConnectionState) string {
	if state == nil {
		return "no TLS"
	}
	text := tls.VersionName(state.Version)
	if len(state.PeerCertificates) > 0 {
		leaf := state.PeerCertificates[0]
		text += fmt.Sprintf(", certificate by %s until %s", leaf.Issuer.CommonName, leaf.NotAfter.UTC().Format(time.DateOnly))
	}
	return text
}

// whyUnreachable names the cause and the next step.
func whyUnreachable(err error) string {
	var (
		authority x509.UnknownAuthorityError
		hostname  x509.HostnameError
	)
	switch {
	case errors.As(err, &authority):
		return "its certificate is signed by an authority that is not trusted here; name a PEM file of the right one in " + variablePrefix + "CA_CERTIFICATE_FILE"
	case errors.As(err, &hostname):
		return "its certificate is for another host; is the address right, or does a proxy answer?"
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return fmt.Sprintf("no answer within %s; is there a firewall, or a proxy that HTTPS_PROXY should name?", reachTimeout)
	}
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		return fmt.Sprintf("the host %s has no address; correct %sAPI_URL or the name server", dns.Name, variablePrefix)
	}
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err
	}
	return err.Error()
}

// clockCheck compares clocks. A token's end is judged by the service's clock.
func clockCheck(date string, now time.Time) check {
	c := check{Name: "clock", Result: checkOK}
	at, err := http.ParseTime(date)
	if err != nil {
		c.Value, c.Detail = "unknown", "the service sends no date"
		return c
	}
	// The header is cut to whole seconds: half a second of doubt either way.
	skew := now.Sub(at).Truncate(time.Second)
	c.Value = skew.String()
	switch {
	case skew > maxSkew:
		c.Result, c.Detail = checkWarning, "this machine's clock is ahead of the service's; set it, or tokens may be taken for expired"
	case skew < -maxSkew:
		c.Result, c.Detail = checkWarning, "this machine's clock is behind the service's; set it, or expired tokens may be used"
	default:
		c.Detail = "this machine's clock against the service's"
	}
	return c
}
