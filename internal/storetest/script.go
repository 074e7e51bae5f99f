package storetest

import (
	"net/http"
	"sync"
	"time"
)

// Answer is what a fake is to say instead of what it would.
type Answer struct {
	Status int
	Header map[string]string
	Body   string
}

// Script is what a test wants of a fake besides its usual answers, and what the fake
// counted. Fakes have one embedded; operations are named by the fake.
type Script struct {
	mu    sync.Mutex
	next  map[string][]Answer
	calls map[string]int
	delay time.Duration
	open  int // calls that wait
	peak  int
}

// Next has the fake give these answers, in order, to the next calls of operation,
// and its own after them.
func (s *Script) Next(operation string, answers ...Answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.next == nil {
		s.next = map[string][]Answer{}
	}
	s.next[operation] = append(s.next[operation], answers...)
}

// Slow has every call wait before it is answered, or until its client goes away.
func (s *Script) Slow(delay time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.delay = delay
}

// Calls is how often operation was called.
func (s *Script) Calls(operation string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[operation]
}

// Peak is how many calls were waiting at once, at most, under Slow.
func (s *Script) Peak() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.peak
}

// wait lets a call be slow.
func (s *Script) wait(r *http.Request, delay time.Duration) {
	s.count(1)
	defer s.count(-1)
	select {
	case <-time.After(delay):
	case <-r.Context().Done():
	}
}

func (s *Script) count(more int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open += more
	s.peak = max(s.peak, s.open)
}

// play counts a call, waits, and gives the answer that is next for it; false when
// the fake is to answer itself.
func (s *Script) play(w http.ResponseWriter, r *http.Request, operation string) bool {
	s.mu.Lock()
	if s.calls == nil {
		s.calls = map[string]int{}
	}
	s.calls[operation]++
	delay, queue := s.delay, s.next[operation]
	if len(queue) > 0 {
		s.next[operation] = queue[1:]
	}
	s.mu.Unlock()
	if delay > 0 {
		s.wait(r, delay)
	}
	if len(queue) == 0 {
		return false
	}
	for name, value := range queue[0].Header {
		w.Header().Set(name, value)
	}
	w.WriteHeader(queue[0].Status)
	_, _ = w.Write([]byte(queue[0].Body))
	return true
}
