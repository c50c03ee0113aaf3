package simulator

import (
	"cmp"
	"maps"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// refusal is the answer of a fault that refuses instead of acting.
func (f Fault) refusal(operation, path string) reply {
	message := cmp.Or(f.Message, "simulated fault")
	if f.Kind == FaultHTML {
		return f.dressed(htmlReply(http.StatusOK, []byte("<!doctype html><title>Log in</title><h1>Log in to continue</h1>\n")))
	}
	if f.Kind == FaultRedirect {
		return f.redirect(path)
	}
	if f.Kind == FaultSuccessFalse {
		answer := jsonReply(http.StatusOK, refusal{Code: cmp.Or(f.Code, http.StatusInternalServerError), Message: message})
		answer.refused = &apiError{status: http.StatusOK, message: message}
		return answer
	}
	status := cmp.Or(f.Status, http.StatusInternalServerError)
	if f.Kind == FaultLateCommit {
		status = cmp.Or(f.Status, http.StatusGatewayTimeout)
	}
	answer := renderError(&apiError{status: status, code: f.Code, message: message})
	// The auth endpoints refuse credentials in shapes of their own.
	switch {
	case operation == opCreateToken && status == http.StatusBadRequest:
		answer = renderError(&tokenError{status: status, code: "invalid_grant", description: message})
	case operation == opCreateToken && status == http.StatusUnauthorized:
		answer = renderError(&tokenError{status: status, code: "invalid_client", description: message})
	case operation == opCreatePlatformKey && (status == http.StatusBadRequest || status == http.StatusUnauthorized):
		answer = renderError(&keyError{status: status, message: message})
	}
	retryAfter := f.RetryAfter
	if retryAfter == "" && status == http.StatusTooManyRequests {
		retryAfter = "1"
	}
	if retryAfter != "" {
		answer.header.Set("Retry-After", retryAfter)
	}
	return f.dressed(answer)
}

// truncated cuts an answer in half: JSON that ends too early.
func (f Fault) truncated(answer reply) reply {
	if f.Body == "" {
		answer.body = answer.body[:len(answer.body)/2]
	}
	return f.dressed(answer)
}

func (f Fault) dressed(answer reply) reply {
	if f.Body != "" {
		answer.body, answer.spoken = []byte(f.Body), true
	}
	if f.ContentType != "" {
		answer.header.Set("Content-Type", f.ContentType)
	}
	return answer
}

// redirect points elsewhere, by default to a host that cannot exist.
func (f Fault) redirect(path string) reply {
	answer := redirectReply(cmp.Or(f.Location, "https://elsewhere.invalid"+path))
	answer.status = cmp.Or(f.Status, http.StatusTemporaryRedirect)
	return answer
}

// deepLevels is far beyond what any decoder follows and still a small answer.
const deepLevels = 200_000

// deep is a success whose data is lists in lists.
func deep() reply {
	answer := jsonReply(http.StatusOK, nil)
	answer.body = []byte(`{"success":true,"data":` + strings.Repeat("[", deepLevels) + strings.Repeat("]", deepLevels) + "}")
	return answer
}

// dropConnection ends the connection without an answer, with a reset where the
// transport allows one.
func dropConnection(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		// Aborting closes the connection too; net/http logs nothing for it.
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // A close with nothing lingering sends RST.
	}
	_ = conn.Close()
}

// cut sends half of an answer that says how long the whole is, and ends the
// connection.
func cut(w http.ResponseWriter, answer reply) {
	answer.header.Set("Content-Length", strconv.Itoa(len(answer.body)))
	control := head(w, answer)
	if _, err := w.Write(answer.body[:len(answer.body)/2]); err == nil {
		_ = control.Flush() // Whether the client got it is nobody's concern.
	}
	panic(http.ErrAbortHandler)
}

// defaultEvery is the wait before each byte of a slow answer.
const defaultEvery = 250 * time.Millisecond

// drip sends an answer byte by byte until it ends or the client leaves.
func (s *Service) drip(w http.ResponseWriter, r *http.Request, answer reply, every time.Duration) {
	control := head(w, answer)
	for i := range answer.body {
		select {
		case <-s.clock.After(cmp.Or(every, defaultEvery)):
		case <-r.Context().Done():
			return
		}
		if _, err := w.Write(answer.body[i : i+1]); err != nil || control.Flush() != nil {
			return
		}
	}
}

// maxFlood ends an endless answer all the same, should a client read it all.
const maxFlood = 1 << 30

// flood sends JSON that does not end before the client leaves.
func flood(w http.ResponseWriter, r *http.Request, answer reply) {
	control := head(w, answer)
	if _, err := w.Write([]byte(`{"success":true,"data":"`)); err != nil {
		return
	}
	const chunk = 1 << 16
	letters := []byte(strings.Repeat("a", chunk))
	for sent := 0; sent < maxFlood && r.Context().Err() == nil; sent += chunk {
		if _, err := w.Write(letters); err != nil || control.Flush() != nil {
			return
		}
	}
}

// head sends the head of an answer whose body takes its time.
func head(w http.ResponseWriter, answer reply) *http.ResponseController {
	maps.Copy(w.Header(), answer.header)
	w.WriteHeader(answer.status)
	control := http.NewResponseController(w)
	// Whether the client is still there shows at the first byte.
	_ = control.Flush()
	return control
}
