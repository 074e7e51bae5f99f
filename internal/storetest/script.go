package storetest

import (
	"net/http"
	"sync"
	"time"
)

// Answer is what a fake sends instead of its own answer.
type Answer struct {
	Status int
	Header map[string]string
	Body   string
}

// Script makes a fake send other answers than its own, or answer slowly, and counts its
// calls. Fakes embed it, and document the names of their operations.
type Script struct {
	mu    sync.Mutex
	next  map[string][]Answer
	calls map[string]int
	delay time.Duration
	open  int // calls that wait now
	peak  int
}

// Next makes the fake send answers, in order, to the next calls of operation, and its own
// answers after them.
func (s *Script) Next(operation string, answers ...Answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.next == nil {
		s.next = map[string][]Answer{}
	}
	s.next[operation] = append(s.next[operation], answers...)
}

// Slow makes every call wait before it is answered, or until its client disconnects.
func (s *Script) Slow(delay time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.delay = delay
}

// Calls returns how often operation was called.
func (s *Script) Calls(operation string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[operation]
}

// Peak returns the largest number of calls that were waiting at the same time under Slow.
func (s *Script) Peak() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.peak
}

// wait delays a call.
func (s *Script) wait(r *http.Request, delay time.Duration) {
	s.count(1)
	defer s.count(-1)
	select {
	case <-time.After(delay):
	case <-r.Context().Done():
	}
}

// count adds more to the calls that wait.
func (s *Script) count(more int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open += more
	s.peak = max(s.peak, s.open)
}

// play counts a call, waits, and sends the next answer for it; false if there is none and
// the fake has to answer itself.
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
