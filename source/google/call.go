package google

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/docker-secrets/docker-secrets/source/store"
)

const (
	// attempts is the number of tries. With delays that double from a second they take
	// about 15 seconds.
	attempts = 5
	// maxAnswer is the number of bytes that are read of an answer: more than a payload of
	// 64 KiB or a page of names has.
	maxAnswer     = 16 << 20
	maxRetryDelay = 30 * time.Second
)

// apiError is an answer that is an error. Its message is searched for known texts and never
// printed.
type apiError struct {
	status     int    // the HTTP status
	code       string // Google's code, such as NOT_FOUND
	reason     string // that of the details, such as SERVICE_DISABLED; "" if there is none
	message    string
	retryAfter time.Duration // the header Retry-After
}

func (a *apiError) Error() string { return fmt.Sprintf("HTTP status %d %s", a.status, a.code) }

// isTemporary reports whether the same call may succeed later.
func (a *apiError) isTemporary() bool {
	return slices.Contains([]int{http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout}, a.status)
}

// call sends a request with in as JSON body, nil for none, and decodes the answer into out.
// It retries temporary errors, after delays that double and differ at random between
// callers. The error is a *apiError, or that of ctx or of the transport.
func (s session) call(ctx context.Context, method, path string, in, out any) error {
	for attempt := 1; ; attempt++ {
		err := s.send(ctx, method, path, in, out)
		answer, answered := errors.AsType[*apiError](err)
		retry := answered && answer.isTemporary() || method == http.MethodGet && store.ConnectionBroke(err)
		if err == nil || !retry || attempt == attempts {
			return err
		}
		select {
		case <-time.After(s.delay(attempt, answer)):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// delay returns how long to wait after the given attempt, from 1 on: at least what answer
// asks for. answer is nil if there was none.
func (s session) delay(attempt int, answer *apiError) time.Duration {
	delay := min(s.retryDelay<<(attempt-1), maxRetryDelay)
	delay = delay/2 + rand.N(delay/2+1)
	if answer != nil {
		delay = max(delay, min(answer.retryAfter, maxRetryDelay))
	}
	return delay
}

// send is call without retries.
func (s session) send(ctx context.Context, method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		content, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(content)
	}
	request, err := http.NewRequestWithContext(ctx, method, "https://"+s.host+"/v1/"+path, body)
	if err != nil {
		return err
	}
	s.token.SetAuthHeader(request)
	request.Header.Set("Content-Type", "application/json")
	if s.quota != "" {
		request.Header.Set("X-Goog-User-Project", s.quota)
	}
	response, err := s.client.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	content, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	switch {
	case err != nil:
		return &url.Error{Op: method, URL: request.URL.String(), Err: err}
	case response.StatusCode != http.StatusOK:
		return newAPIError(response, content)
	case json.Unmarshal(content, out) != nil:
		return &apiError{status: response.StatusCode}
	}
	return nil
}

// newAPIError reads an answer whose status is not 200.
func newAPIError(response *http.Response, content []byte) *apiError {
	var body struct {
		Error struct {
			Message, Status string
			Details         []struct{ Reason string }
		}
	}
	_ = json.Unmarshal(content, &body) // a proxy's answer is not JSON; its status says enough
	answer := &apiError{status: response.StatusCode, code: body.Error.Status, message: body.Error.Message}
	for _, detail := range body.Error.Details {
		if detail.Reason != "" {
			answer.reason = detail.Reason
		}
	}
	seconds, _ := strconv.Atoi(response.Header.Get("Retry-After"))
	answer.retryAfter = time.Duration(seconds) * time.Second
	return answer
}
