package source

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
)

const (
	// googleAttempts makes with a pause that doubles from a second about 15 seconds.
	googleAttempts = 5
	// googleMaxAnswer is more than a payload of 64 KiB or a page of names takes.
	googleMaxAnswer = 16 << 20
	googleMaxPause  = 30 * time.Second
)

// googleError is an answer that is an error. Its message is looked into, not shown.
type googleError struct {
	status  int    // HTTP's
	code    string // Google's: NOT_FOUND
	reason  string // of its details, where there is one: SERVICE_DISABLED
	message string
	after   time.Duration // what Retry-After asks for
}

func (a *googleError) Error() string { return fmt.Sprintf("HTTP status %d %s", a.status, a.code) }

func (a *googleError) passes() bool {
	return slices.Contains([]int{http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout}, a.status)
}

// call asks for method of path with in, nil for none, and reads the answer into out.
// What passes is tried again, after pauses that double and no two callers share. The
// error is a *googleError, ctx's or the transport's.
func (s googleSession) call(ctx context.Context, method, path string, in, out any) error {
	for attempt := 1; ; attempt++ {
		err := s.once(ctx, method, path, in, out)
		answer, answered := errors.AsType[*googleError](err)
		passes := answered && answer.passes() || method == http.MethodGet && broke(err)
		if err == nil || !passes || attempt == googleAttempts {
			return err
		}
		pause := min(s.pause<<(attempt-1), googleMaxPause)
		pause = pause/2 + rand.N(pause/2+1)
		if answered {
			pause = max(pause, min(answer.after, googleMaxPause))
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (s googleSession) once(ctx context.Context, method, path string, in, out any) error {
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
	content, err := io.ReadAll(io.LimitReader(response.Body, googleMaxAnswer))
	switch {
	case err != nil:
		return &url.Error{Op: method, URL: request.URL.String(), Err: err}
	case response.StatusCode != http.StatusOK:
		return newGoogleError(response, content)
	case json.Unmarshal(content, out) != nil:
		return &googleError{status: response.StatusCode}
	}
	return nil
}

func newGoogleError(response *http.Response, content []byte) *googleError {
	var body struct {
		Error struct {
			Message, Status string
			Details         []struct{ Reason string }
		}
	}
	_ = json.Unmarshal(content, &body) // an answer of a proxy's is no JSON, and its status says enough
	answer := &googleError{status: response.StatusCode, code: body.Error.Status, message: body.Error.Message}
	for _, detail := range body.Error.Details {
		if detail.Reason != "" {
			answer.reason = detail.Reason
		}
	}
	seconds, _ := strconv.Atoi(response.Header.Get("Retry-After"))
	answer.after = time.Duration(seconds) * time.Second
	return answer
}

// googlePayload is a value on the wire, both ways. Checksum is that of Castagnoli, in
// decimal digits as Google writes all 64-bit numbers; "" when there is none.
type googlePayload struct {
	Data     string `json:"data"`
	Checksum string `json:"dataCrc32c,omitempty"`
}

func newGooglePayload(value secret.Value) googlePayload {
	data := []byte(value.Reveal())
	return googlePayload{Data: base64.StdEncoding.EncodeToString(data), Checksum: googleChecksum(data)}
}

func googleChecksum(data []byte) string {
	return strconv.FormatUint(uint64(crc32.Checksum(data, crc32.MakeTable(crc32.Castagnoli))), 10)
}

// access reads the value at place.
func (s googleSession) access(ctx context.Context, place googlePlace) Result {
	var answer struct {
		Name    string
		Payload googlePayload
	}
	if err := s.call(ctx, http.MethodGet, place.secret()+"/versions/"+place.version+":access", nil, &answer); err != nil {
		return Result{Err: s.fault(ctx, err, place, googleAccessor)}
	}
	data, err := base64.StdEncoding.DecodeString(answer.Payload.Data)
	if err != nil || answer.Payload.Checksum != "" && answer.Payload.Checksum != googleChecksum(data) {
		return Result{Err: errGoogleDamaged}
	}
	return Result{Value: secret.NewValue(string(data)), Version: path.Base(answer.Name)}
}

// current is the version that place has now.
func (s googleSession) current(ctx context.Context, place googlePlace) Result {
	var answer struct{ Name, State string }
	if err := s.call(ctx, http.MethodGet, place.secret()+"/versions/"+place.version, nil, &answer); err != nil {
		return Result{Err: s.fault(ctx, err, place, googleViewer)}
	}
	version := path.Base(answer.Name)
	if answer.State != "ENABLED" {
		return Result{Err: googleState(place, version, answer.State)}
	}
	return Result{Version: version}
}

// names are those of project's secrets that begin with prefix, from so many pages; 0
// is all.
func (s googleSession) names(ctx context.Context, project, prefix string, pages int) ([]string, error) {
	query := url.Values{"pageSize": {"250"}}
	// Google's filter finds the word anywhere in the name, in any case: enough to
	// shorten the list, and the rest is ours. Nothing in a word has to be quoted.
	if word := googleWord(prefix); word != "" {
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

// googleWord is what text has of letters, digits and _ before anything else.
func googleWord(text string) string {
	end := strings.IndexFunc(text, func(r rune) bool {
		return r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
	if end < 0 {
		return text
	}
	return text[:end]
}
