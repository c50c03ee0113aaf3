package auth

import (
	"encoding/base64"
	"testing"
	"time"
)

func TestRefreshEnd(t *testing.T) {
	t.Parallel()
	jwt := func(payload string) string {
		return "e30." + base64.RawURLEncoding.EncodeToString([]byte(payload)) + ".c2lnbmF0dXJl"
	}
	end := time.Date(2026, time.December, 1, 12, 0, 0, 0, time.UTC)
	for token, want := range map[string]time.Time{
		jwt(`{"exp":1796126400}`): end, jwt(`{"exp":"1796126400"}`): end, jwt(`{"exp":1796126400000}`): end,
		jwt(`{"exp":"soon"}`): {}, jwt(`{"iat":1}`): {}, jwt(`[]`): {}, jwt(``): {}, "opaque": {}, "a.b.c": {}, "..": {}, "": {},
	} {
		if got := refreshEnd(token); !got.Equal(want) {
			t.Errorf("%q: %s, want %s", token, got, want)
		}
	}
}
