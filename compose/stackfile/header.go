package stackfile

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/docker-secrets/docker-secrets/internal/lazyregexp"
)

// The header is what docker secrets knows its own files by. It holds no date:
// the same application gives the same bytes.
const headerMark = "# Made by docker secrets from "

// Up to format 1 the sums were in a line of their own, without brackets.
var headerSums = lazyregexp.New(`^# (?:format [0-9]+, |[^(]*\()?checksum ([0-9a-f]{16}), sources ([0-9a-f]{16})(?:, format [0-9]+\))?$`) //nolint:gochecknoglobals // never written

// withHeader puts the header before body: what made it, and from what; a checksum
// of what nobody should edit, and one of the x-from: that migrate made, which
// tells an edited one from one that a later migrate makes anew. made is the body
// before anything was carried over from the file that was there.
func withHeader(sources []string, made, body []byte) []byte {
	structure, editable := sums(made)
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s%s\n", headerMark, strings.Join(sources, ", "))
	fmt.Fprintf(&b, "# Regenerate: docker secrets migrate (checksum %s, sources %s, format %d)\n\n", structure, editable, Format)
	b.Write(body)
	return b.Bytes()
}

// Ownership says whose a file is that stands where a stack file is to be written.
type Ownership int

// The states of a file: not there, not made by docker secrets, made and not
// edited since, made and edited by hand beyond what may be.
const (
	Missing Ownership = iota
	Foreign
	Ours
	Edited
)

// Inspect tells the state of a stack file's content, and whether somebody changed
// an x-from: in it.
func Inspect(content []byte) (state Ownership, sourcesEdited bool) {
	if content == nil {
		return Missing, false
	}
	header, body, found := splitHeader(content)
	if !found {
		return Foreign, false
	}
	structure, editable := sums(body)
	if header[1] != structure {
		return Edited, header[2] != editable
	}
	return Ours, header[2] != editable
}

// splitHeader returns the sums that content's header holds, and its body.
func splitHeader(content []byte) (header []string, body []byte, found bool) {
	if !bytes.HasPrefix(content, []byte(headerMark)) {
		return nil, nil, false
	}
	rest := content
	for {
		line, tail, ok := bytes.Cut(rest, []byte("\n"))
		if !ok || !bytes.HasPrefix(line, []byte("#")) {
			return nil, nil, false
		}
		rest = tail
		if m := headerSums().FindStringSubmatch(strings.TrimRight(string(line), "\r")); m != nil {
			return m, bytes.TrimPrefix(bytes.TrimPrefix(rest, []byte("\r")), []byte("\n")), true
		}
	}
}

// sums are the checksums of body without the x-from: and name: lines of its
// secrets and configs, and of those x-from: lines alone: names are pins, which
// deploy writes too.
func sums(body []byte) (structure, sources string) {
	var fixed, free strings.Builder
	inResources, in := false, &fixed
	for line := range strings.Lines(string(body)) {
		text := strings.TrimRight(line, "\r\n")
		indent := len(text) - len(strings.TrimLeft(text, " "))
		if indent == 0 && text != "" {
			inResources = text == "secrets:" || text == "configs:"
		}
		switch {
		case inResources && indent == 4 && strings.HasPrefix(text[4:], "x-from:"):
			in = &free
		case inResources && indent == 4 && strings.HasPrefix(text[4:], "name:"):
			continue
		case in == &free && (indent > 4 || indent == 4 && strings.HasPrefix(text[4:], "- ")):
		default:
			in = &fixed
		}
		in.WriteString(text + "\n")
	}
	return sum(fixed.String()), sum(free.String())
}

// sum is short: it tells an edit from none, it does not guard against anybody.
func sum(text string) string {
	digest := sha256.Sum256([]byte(text))
	return hex.EncodeToString(digest[:8])
}

// Body returns content without its header, all of it if docker secrets did not write it.
func Body(content []byte) []byte {
	if _, body, found := splitHeader(content); found {
		return body
	}
	return content
}
