package stackfile

import (
	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
)

// UnreadKey is the top-level key that names the services which will start without some
// of their secrets.
const UnreadKey = "x-unread"

// Unread is an entry of UnreadKey.
type Unread struct {
	Service   string
	Image     string   // of the service in the same file, "" for none
	Variables []string // which nothing gives to the service
	Cause     string   // for people
	File      string
	Line      int
}

// UnreadBlock returns the value of UnreadKey for entries, of which File, Line and Image do
// not count; nil for none.
func UnreadBlock(entries []Unread) map[string]any {
	if len(entries) == 0 {
		return nil
	}
	block := map[string]any{}
	for _, u := range entries {
		variables, cause := u.Variables, u.Cause
		if earlier := entryMap(block[u.Service]); earlier != nil { // another cause
			before, _ := earlier["variables"].([]string)
			variables = append(before, variables...)
			cause, _ = earlier["cause"].(string)
			cause += "; " + u.Cause
		}
		block[u.Service] = map[string]any{"variables": variables, "cause": cause}
	}
	return block
}

// readUnread reads the entries of one document, in its order.
func (r *reader) readUnread(path string, doc *yaml.Node) {
	entries := document.Entry(doc, UnreadKey)
	if entries == nil {
		return
	}
	images := map[string]string{}
	document.Each(document.Entry(doc, "services"), func(key, value *yaml.Node) { images[key.Value] = text(document.Entry(value, "image")) })
	document.Each(entries, func(key, value *yaml.Node) {
		r.unread = append(r.unread, Unread{
			Service: key.Value, Image: images[key.Value],
			Variables: words(document.Entry(value, "variables")), Cause: text(document.Entry(value, "cause")), File: path, Line: key.Line,
		})
	})
}
