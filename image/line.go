package image

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/docker-secrets/docker-secrets/transform/images"
)

// What a line says of the shell. A line without either is about an image that has one,
// as nearly all do.
const (
	noShell      = "NO-SHELL"
	shellUnknown = "SHELL-UNKNOWN"
)

// part is one instruction of a line.
type part struct {
	keyword string
	words   *[]string
}

// parts are the instructions in the order of a line.
func parts(c *images.Config) []part {
	return []part{
		{"ENTRYPOINT", &c.Entrypoint},
		{"CMD", &c.Command},
		{"SHELL", &c.Shell},
		{"HEALTHCHECK", &c.Healthcheck},
		{"ENV", &c.Variables},
		{"ONBUILD", &c.OnBuild},
	}
}

// line is c in the words of a Dockerfile: ENTRYPOINT ["tini", "--"] CMD ["serve"].
func line(c images.Config) string {
	var words []string
	for _, p := range parts(&c) {
		if len(*p.words) > 0 {
			words = append(words, p.keyword, list(*p.words))
		}
	}
	switch c.HasShell {
	case images.No:
		words = append(words, noShell)
	case images.NotKnown:
		words = append(words, shellUnknown)
	case images.Yes:
	}
	return strings.Join(words, " ")
}

// list is words as JSON, with blanks between them.
func list(words []string) string {
	var quoted []string
	for _, word := range words {
		var b bytes.Buffer
		encoder := json.NewEncoder(&b)
		encoder.SetEscapeHTML(false)
		_ = encoder.Encode(word) // a string always can
		quoted = append(quoted, strings.TrimSuffix(b.String(), "\n"))
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

// parseLine reads what line wrote, or false. An empty line is an image that starts
// nothing by itself.
func parseLine(text string) (images.Config, bool) {
	c := images.Config{HasShell: images.Yes}
	known := map[string]*[]string{}
	for _, p := range parts(&c) {
		known[p.keyword] = p.words
	}
	for rest := strings.TrimSpace(text); rest != ""; rest = strings.TrimSpace(rest) {
		var keyword string
		keyword, rest, _ = strings.Cut(rest, " ")
		switch keyword {
		case noShell:
			c.HasShell = images.No
			continue
		case shellUnknown:
			c.HasShell = images.NotKnown
			continue
		}
		words, found := known[keyword]
		decoder := json.NewDecoder(strings.NewReader(rest))
		if !found || decoder.Decode(words) != nil {
			return images.Config{}, false
		}
		rest = rest[decoder.InputOffset():]
	}
	return c, true
}
