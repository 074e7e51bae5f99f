package google

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source/store"
)

const (
	// attempts makes with a pause that doubles from a second about 15 seconds.
	attempts = 5
	// maxAnswer is more than a payload of 64 KiB or a page of names takes.
	maxAnswer = 16 << 20
	maxPause  = 30 * time.Second
)

// apiError is an answer that is an error. Its message is looked into, not shown.
type apiError struct {
	status  int    // HTTP's
	code    string // Google's: NOT_FOUND
	reason  string // of its details, where there is one: SERVICE_DISABLED
	message string
	after   time.Duration // what Retry-After asks for
}

func (a *apiError) Error() string { return fmt.Sprintf("HTTP status %d %s", a.status, a.code) }

func (a *apiError) passes() bool {
	return slices.Contains([]int{http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout}, a.status)
}

// call asks for method of path with in, nil for none, and reads the answer into out.
// What passes is tried again, after pauses that double and no two callers share. The
// error is a *apiError, ctx's or the transport's.
func (s session) call(ctx context.Context, method, path string, in, out any) error {
	for attempt := 1; ; attempt++ {
		err := s.once(ctx, method, path, in, out)
		answer, answered := errors.AsType[*apiError](err)
		passes := answered && answer.passes() || method == http.MethodGet && store.Broke(err)
		if err == nil || !passes || attempt == attempts {
			return err
		}
		pause := min(s.pause<<(attempt-1), maxPause)
		pause = pause/2 + rand.N(pause/2+1)
		if answered {
			pause = max(pause, min(answer.after, maxPause))
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (s session) once(ctx context.Context, method, path string, in, out any) error {
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

func newAPIError(response *http.Response, content []byte) *apiError {
	var body struct {
		Error struct {
			Message, Status string
			Details         []struct{ Reason string }
		}
	}
	_ = json.Unmarshal(content, &body) // an answer of a proxy's is no JSON, and its status says enough
	answer := &apiError{status: response.StatusCode, code: body.Error.Status, message: body.Error.Message}
	for _, detail := range body.Error.Details {
		if detail.Reason != "" {
			answer.reason = detail.Reason
		}
	}
	seconds, _ := strconv.Atoi(response.Header.Get("Retry-After"))
	answer.after = time.Duration(seconds) * time.Second
	return answer
}

// payload is a value on the wire, both ways. Checksum is that of Castagnoli, in
// decimal digits as Google writes all 64-bit numbers; "" when there is none.
type payload struct {
	Data     string `json:"data"`
	Checksum string `json:"dataCrc32c,omitempty"`
}

func newPayload(value secret.Value) payload {
	data := []byte(value.Reveal())
	return payload{Data: base64.StdEncoding.EncodeToString(data), Checksum: checksumOf(data)}
}

func checksumOf(data []byte) string {
	return strconv.FormatUint(uint64(crc32.Checksum(data, crc32.MakeTable(crc32.Castagnoli))), 10)
}

// access reads the value at place.
func (s session) access(ctx context.Context, place location) store.Result {
	var answer struct {
		Name    string
		Payload payload
	}
	if err := s.call(ctx, http.MethodGet, place.secret()+"/versions/"+place.version+":access", nil, &answer); err != nil {
		return store.Result{Err: s.fault(ctx, err, place, accessor)}
	}
	data, err := base64.StdEncoding.DecodeString(answer.Payload.Data)
	if err != nil || answer.Payload.Checksum != "" && answer.Payload.Checksum != checksumOf(data) {
		return store.Result{Err: errDamaged}
	}
	return store.Result{Value: secret.NewValue(string(data)), Version: path.Base(answer.Name)}
}

// current is the version that place has now.
func (s session) current(ctx context.Context, place location) store.Result {
	var answer struct{ Name, State string }
	if err := s.call(ctx, http.MethodGet, place.secret()+"/versions/"+place.version, nil, &answer); err != nil {
		return store.Result{Err: s.fault(ctx, err, place, viewer)}
	}
	version := path.Base(answer.Name)
	if answer.State != "ENABLED" {
		return store.Result{Err: stateFault(place, version, answer.State)}
	}
	return store.Result{Version: version}
}

// names are those of project's secrets that begin with prefix, from so many pages; 0
// is all.
func (s session) names(ctx context.Context, project, prefix string, pages int) ([]string, error) {
	query := url.Values{"pageSize": {"250"}}
	// Google's filter finds the word anywhere in the name, in any case: enough to
	// shorten the list, and the rest is ours. Nothing in a word has to be quoted.
	if word := word(prefix); word != "" {
		query.Set("filter", "name:"+word)
	}
	var names []string
	for n := 0; pages == 0 || n < pages; n++ {
		var answer struct {
			Secrets       []struct{ Name string }
			NextPageToken string
		}
		if err := s.call(ctx, http.MethodGet, "projects/"+project+"/secrets?"+query.Encode(), nil, &answer); err != nil {
			return nil, err
		}
		for _, one := range answer.Secrets {
			if name := path.Base(one.Name); strings.HasPrefix(name, prefix) {
				names = append(names, name)
			}
		}
		if answer.NextPageToken == "" {
			break
		}
		query.Set("pageToken", answer.NextPageToken)
	}
	return names, nil
}

// word is what text has of letters, digits and _ before anything else.
func word(text string) string {
	end := strings.IndexFunc(text, func(r rune) bool {
		return r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
	if end < 0 {
		return text
	}
	return text[:end]
}
