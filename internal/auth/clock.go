package auth

import (
	"strconv"
	"time"
)

const (
	// maxEarlyRefresh is how long before its end a token is replaced at most.
	maxEarlyRefresh = time.Minute
	// offsetTolerance is the difference to the server's clock that is noise: the
	// Date header has whole seconds and the answer takes time to travel.
	offsetTolerance = 5 * time.Second
	// millisecondsFrom is the number from which a Unix time can only be in
	// milliseconds: in seconds it would lie 30,000 years ahead.
	millisecondsFrom = 1_000_000_000_000
	// lastSecond is the end of the year 9999, beyond which no time can be stored.
	lastSecond = 253_402_300_799
)

// earlyRefresh is how long before its end a token counts as used up: one
// minute, or a tenth of its life when that is shorter.
func earlyRefresh(obtained, expires time.Time) time.Duration {
	life := expires.Sub(obtained)
	if obtained.IsZero() || life <= 0 {
		return 0
	}
	return min(maxEarlyRefresh, life/10)
}

// clockOffset is what to add to the local clock to get the server's, learned
// from the Date header of an answer. It is zero when it cannot be told.
func clockOffset(local time.Time, dateHeader string) time.Duration {
	server, err := time.Parse(time.RFC1123, dateHeader)
	if err != nil {
		return 0
	}
	offset := server.Sub(local)
	if offset.Abs() < offsetTolerance {
		return 0
	}
	return offset.Truncate(time.Second)
}

// moment reads RFC 3339, or a Unix time in seconds or, recognized by its size,
// in milliseconds. It reports whether there is such a time after 1970.
func moment(text string) (time.Time, bool) {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		seconds, err := strconv.ParseFloat(text, 64)
		if seconds >= millisecondsFrom {
			seconds /= 1000
		}
		if err != nil || !(seconds > 0 && seconds <= lastSecond) {
			return time.Time{}, false
		}
		at = time.Unix(int64(seconds), 0)
	}
	return at.UTC(), at.Unix() > 0 && at.Unix() <= lastSecond
}

// expiry is when the access token ends by the server's clock; zero when that
// cannot be told. A pair that is over when it arrives means that a clock cannot
// be trusted. Refusing the pair would lose the refresh token, and believing the
// expiry would spend one token after the other, so the expiry counts as unknown.
func (t *tokenAnswer) expiry(obtained time.Time) time.Time {
	at, ok := moment(t.expiresAt)
	if !ok {
		life, err := strconv.ParseFloat(t.expiresIn, 64)
		if err != nil || !(life > 0 && life < lastSecond) {
			return time.Time{}
		}
		at, ok = moment(strconv.FormatInt(obtained.Unix()+int64(life), 10))
	}
	if !ok || !at.After(obtained) {
		return time.Time{}
	}
	return at
}
