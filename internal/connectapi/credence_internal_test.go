package connectapi

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"
)

// listedService is a service of one page, whose answers to writes may differ
// from what it lists.
type listedService struct {
	*directory

	connects []wireConnect
	listings int
}

func newListedService(count int) *listedService {
	s := &listedService{}

	for i := range count {
		s.connects = append(s.connects, wireConnect{
			identity: identity{Underscored: idText(fmt.Sprintf("c%d", i))}, Status: "OFF",
			UpdatedAt: "2026-01-01T00:00:00.000Z",
		})
	}

	s.directory = newDirectory(&Client{}, []time.Duration{0})
	s.fetch = func(context.Context, int) (page[wireConnect], error) {
		s.listings++

		return page[wireConnect]{entries: slices.Clone(s.connects), total: number{value: len(s.connects), set: true}}, nil
	}

	return s
}

// turnOn answers that a connect is on, whether it took or not, and returns what
// the directory makes of it.
func (s *listedService) turnOn(t *testing.T, i int, takes bool) *Connect {
	t.Helper()

	answer := s.connects[i]
	answer.Status, answer.UpdatedAt = "ON", "2026-01-01T00:00:01.000Z"

	if takes {
		s.connects[i] = answer
	}

	answered := must(answer.public())(t)
	s.wrote(answered.ID, TurnOnConnect, &answered)

	return must(s.confirm(t.Context(), answered.ID))(t)
}

func must[T any](value T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()

		if err != nil {
			t.Fatal(err)
		}

		return value
	}
}

// TestAnswersProveThemselves: answers are checked until five in a row were
// true, then one in a hundred, and all again after one that was not.
func TestAnswersProveThemselves(t *testing.T) {
	t.Parallel()

	const many = provenAfter + 2*(provenFor+1)

	s := newListedService(many + 3)

	for i := range many {
		if connect := s.turnOn(t, i, true); !connect.On {
			t.Fatalf("connect %d is off", i)
		}
	}

	if want := provenAfter + 2; s.listings != want {
		t.Errorf("%d listings for %d changes, want %d", s.listings, many, want)
	}

	// What is believed is not looked at: only the next plan would tell.
	s.credence.of(TurnOnConnect).believed = provenFor

	if connect := s.turnOn(t, many, false); connect.On {
		t.Error("an answer that was not true is believed although it was checked")
	}

	before := s.listings

	for i := range 2 {
		s.turnOn(t, many+1+i, true)
	}

	if s.listings != before+2 {
		t.Errorf("%d listings for two changes after a lie, want 2", s.listings-before)
	}
}

// TestPartialAnswersAreNotBelieved: what the answer left out is read.
func TestPartialAnswersAreNotBelieved(t *testing.T) {
	t.Parallel()

	s := newListedService(provenAfter + 1)

	for i := range provenAfter {
		s.turnOn(t, i, true)
	}

	before := s.listings
	s.connects[provenAfter].Status = "ON"
	s.wrote("c5", TurnOnConnect, nil)

	if connect := must(s.confirm(t.Context(), "c5"))(t); !connect.On || s.listings != before+1 {
		t.Errorf("on: %v, after %d listings", connect.On, s.listings-before)
	}
}
