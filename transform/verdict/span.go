package verdict

import (
	"iter"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/internal/lazyregexp"
)

// Span is a credential within a text: replace it, and the rest of the text can be shown.
type Span struct {
	Start, End int    // its bytes in the text
	Rule       string // the row of the table that found it: "value:url-password"
}

// Credentials returns the credentials that text shows by their shape or by the name
// before them: in a URL, a connection string, JSON, TOML, INI, XML, a header, the
// flags of a command. The text can be a value, a command or a whole file. The result
// is sorted and without overlaps; nil if there are none. What a variable gives
// ($NAME, {{ name }}), a path and a URL without a credential are not reported.
//
// A text that is nothing but a password has no shape: Judge asks its name.
func Credentials(text string) []Span {
	if found, ok := inDefaults(text); ok {
		return withoutOverlaps(found)
	}
	return withoutOverlaps(allSpans(text))
}

// allSpans returns what Credentials returns, with overlaps and without the defaults of
// a shell.
func allSpans(text string) []Span {
	found := shaped(text)
	if !mayBeCommand(text) {
		return found
	}
	for start, end := range commandFlags(text) {
		found = append(found, Span{Start: start, End: end, Rule: "value:command-flag"})
	}
	return found
}

// shaped returns what Credentials returns, without the flags of commands and in the order
// of the table.
func shaped(text string) []Span {
	var found []Span
	for _, f := range finders {
		if !f.may(text) {
			continue
		}
		for start, end := range f.find(text) {
			found = append(found, Span{Start: start, End: end, Rule: f.rule})
		}
	}
	return found
}

// ranges are byte ranges in a text: of a credential, first to last.
type ranges = iter.Seq2[int, int]

// finder is one row: a rule, and the function that finds its credentials.
type finder struct {
	rule string
	may  func(text string) bool // costs next to nothing and holds for each text in which find finds something: most texts have none
	find func(text string) ranges
	tell func(text string) bool // what the rule asks of a whole value; nil: find finds something
}

// finders are all shapes, first those of certainFinders.
//
//nolint:gochecknoglobals // a table, never written
var finders = append(slices.Clone(certainFinders),
	finder{rule: "value:jwt", may: hasClaims, find: jwts},
	finder{rule: "value:structured", may: mayBeNamed, find: namedCredentials},
	finder{rule: "value:login", may: mayBeLogin, find: logins},
	finder{rule: "value:shell-default", may: hasExpansion, find: shellDefaults},
)

// certainFinders are the shapes that make a value a secret under a public name too.
//
//nolint:gochecknoglobals // a table, never written
var certainFinders = []finder{
	{rule: "value:private-key", may: mayBePrivateKey, find: privateKeys},
	{rule: "value:url-password", may: hasScheme, find: urlPasswords, tell: hasURLPassword},
	{rule: "value:url-password", may: hasScheme, find: cutPasswords},
	{rule: "value:connection-string", may: assigns, find: assignedPasswords},
	{rule: "value:connection-string", may: assigns, find: bracedPasswords},
	{rule: "value:connection-string", may: hasHost, find: hostLogins},
	{rule: "value:vendor-token", may: isLong, find: vendorSecrets},
	{rule: "value:webhook-url", may: hasSchemeOrQuery, find: urlCredentials},
	{rule: "value:password-hash", may: hasHashMark, find: passwordHashes},
	{rule: "value:authorization", may: mayBeHeader, find: authorizations},
	{rule: "value:authorization", may: isLong, find: basicAuths},
}

// tells reports whether the rule holds for text as a whole value, as it is written or as
// a shell has it when no variable is set.
func (f finder) tells(text string) bool {
	if f.tellsOf(text) {
		return true
	}
	if !hasExpansion(text) {
		return false
	}
	expanded, words := withDefaults(text)
	return len(words) > 0 && f.tellsOf(expanded)
}

func (f finder) tellsOf(text string) bool {
	switch {
	case !f.may(text):
		return false
	case f.tell != nil:
		return f.tell(text)
	}
	return tells(f.find)(text)
}

// tells returns a function that reports whether find finds something in a text.
func tells(find func(string) ranges) func(string) bool {
	return func(text string) bool {
		for range find(text) {
			return true
		}
		return false
	}
}

// group yields group n of each match, if it is in the match and not empty.
func group(matches [][]int, n int, yield func(start, end int) bool) bool {
	for _, m := range matches {
		if m[2*n] >= 0 && m[2*n] < m[2*n+1] && !yield(m[2*n], m[2*n+1]) {
			return false
		}
	}
	return true
}

// withoutOverlaps sorts found and drops each span that begins within another one. Of
// spans that begin at the same byte it keeps the longest.
func withoutOverlaps(found []Span) []Span {
	slices.SortStableFunc(found, func(a, b Span) int {
		if a.Start != b.Start {
			return a.Start - b.Start
		}
		return b.End - a.End
	})
	var kept []Span
	for _, s := range found {
		if n := len(kept); n > 0 && kept[n-1].End > s.Start {
			continue
		}
		kept = append(kept, s)
	}
	return kept
}

// isGiven reports whether something else fills text in: a variable, a template, a
// placeholder of a format.
func isGiven(text string) bool {
	switch {
	case text == "" || text == "?" || strings.Trim(text, ".") == "" || text[0] == '*':
		return true
	case text[0] == '<' && strings.HasSuffix(text, ">"):
		return true
	}
	return strings.IndexByte("$\x00{%@", text[0]) >= 0 && given().MatchString(text)
}

// startsGiven does the same as isGiven, for a text that may be cut off at a blank or a
// brace.
func startsGiven(text string) bool {
	return isGiven(text) || strings.IndexByte("{<\x00", text[0]) >= 0 || strings.HasPrefix(text, "%[") || strings.HasPrefix(text, "%{") || text[0] == '$' && !strings.Contains(text[1:], "$")
}

//nolint:gochecknoglobals // a table, never written
var given = lazyregexp.New(`^(?:\$\$?(?:[A-Za-z_]\w*|\{[^{}]*\}|\([^()]*\))|\x00.*|\{\{.*\}\}|\{[\w.:%$-]*\}|%(?:\([\w.]+\))?[sdvtq%]|%\w+%|@[\w.]+@)$`)
