package google

import (
	"context"
	"encoding/base64"
	"hash/crc32"
	"net/http"
	"path"
	"strconv"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// payload is a value in requests and answers. Checksum is CRC-32C in decimal digits, as
// Google's JSON has 64-bit numbers; "" if there is none.
type payload struct {
	Data     string `json:"data"`
	Checksum string `json:"dataCrc32c,omitempty"`
}

func newPayload(value secret.Value) payload {
	data := []byte(value.Reveal())
	return payload{Data: base64.StdEncoding.EncodeToString(data), Checksum: checksumOf(data)}
}

// checksumOf returns data's CRC-32C in decimal digits.
func checksumOf(data []byte) string {
	return strconv.FormatUint(uint64(crc32.Checksum(data, crc32.MakeTable(crc32.Castagnoli))), 10)
}

// read returns the whole payload at loc.
func (s session) read(ctx context.Context, loc location) store.Result {
	var answer struct {
		Name    string
		Payload payload
	}
	if err := s.call(ctx, http.MethodGet, loc.secret()+"/versions/"+loc.version+":access", nil, &answer); err != nil {
		return store.Result{Err: s.fault(ctx, err, loc, accessor)}
	}
	data, err := base64.StdEncoding.DecodeString(answer.Payload.Data)
	if err != nil || answer.Payload.Checksum != "" && answer.Payload.Checksum != checksumOf(data) {
		return store.Result{Err: errDamaged}
	}
	return store.Result{Value: secret.NewValue(string(data)), Version: path.Base(answer.Name)}
}

// version returns the version that read would return now, without the value.
func (s session) version(ctx context.Context, loc location) store.Result {
	var answer struct{ Name, State string }
	if err := s.call(ctx, http.MethodGet, loc.secret()+"/versions/"+loc.version, nil, &answer); err != nil {
		return store.Result{Err: s.fault(ctx, err, loc, viewer)}
	}
	version := path.Base(answer.Name)
	if answer.State != "ENABLED" {
		return store.Result{Err: stateFault(loc, version, answer.State)}
	}
	return store.Result{Version: version}
}
