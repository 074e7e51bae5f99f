package images

import (
	"regexp"
	"strings"
	"testing"
)

// A glob must match whole names, and nothing but * and ? may be special.
func TestGlobMatch(t *testing.T) {
	for _, row := range []struct {
		pattern, text string
		want          bool
	}{
		{"TOKEN", "TOKEN", true},
		{"TOKEN", "TOKENS", false},
		{"TOKEN", "token", false},
		{"*_KEY", "API_KEY", true},
		{"*_KEY", "_KEY", true},
		{"*_KEY", "API_KEYS", false},
		{"web.*", "web.API_KEY", true},
		{"*", "", true},
		{"**", "x", true},
		{"?", "", false},
		{"A?C", "ABC", true},
		{"a*b*c", "aXbYc", true},
		{"a*b*c", "aXcYb", false},
		{"x.y", "xzy", false},
		{"", "", true},
		{"", "a", false},
	} {
		if got := GlobMatch(row.pattern, row.text); got != row.want {
			t.Errorf("%q matches %q: %v", row.pattern, row.text, got)
		}
	}
}

// A glob must match what the regular expression of the same meaning matches.
func FuzzGlobMatch(f *testing.F) {
	f.Add("*_KEY", "API_KEY")
	f.Add("a*?b**c", "axxbc")
	f.Fuzz(func(t *testing.T, pattern, text string) {
		if len(pattern) > 64 || len(text) > 256 || strings.ContainsFunc(pattern+text, func(r rune) bool { return r > 0x7e || r < 0x20 }) {
			t.Skip()
		}
		quoted := regexp.QuoteMeta(pattern)
		quoted = strings.NewReplacer(`\*`, `.*`, `\?`, `.`).Replace(quoted)
		want := regexp.MustCompile(`^` + quoted + `$`).MatchString(text)
		if got := GlobMatch(pattern, text); got != want {
			t.Errorf("%q matches %q: %v, as a regular expression %v", pattern, text, got, want)
		}
	})
}
