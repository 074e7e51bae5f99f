package verdict

import (
	"encoding/base64"
	"strings"

	"github.com/docker-secrets/docker-secrets/internal/lazyregexp"
	"github.com/docker-secrets/docker-secrets/secret"
)

// isReference reports whether v names a place in a secret manager. The value there is a
// secret by definition.
func isReference(v string) bool {
	_, found := secret.Managed(v)
	return found
}

// pemText returns the decoded start of v if v is PEM in base64, else v.
func pemText(v string) string {
	if !strings.HasPrefix(v, "LS0tLS1CRUdJTi") {
		return v
	}
	head := v[:min(len(v), 64)&^3]
	text, err := base64.StdEncoding.DecodeString(head)
	if err != nil {
		return v
	}
	return string(text)
}

// hasURLPassword reports whether a URL in v has a password before its host. The password
// may hold any character, since people do not escape theirs. It may be empty if there is
// a user, or be given by a variable: production has one then. A URL with neither user nor
// password (redis://:@host) has none.
func hasURLPassword(v string) bool {
	for start, end := range userinfoPasswords(v) {
		if start < end || !strings.HasSuffix(v[:start], "://:") {
			return true
		}
	}
	return false
}

// urlPassword returns the byte range of the password in the first URL of v that has one.
// The range may be empty.
func urlPassword(v string) (start, end int, ok bool) {
	for from := 0; ; {
		i := strings.Index(v[from:], "://")
		if i < 0 {
			return 0, 0, false
		}
		quote := quoteBefore(v, from+i)
		from += i + len("://")
		rest := v[from:]
		if cut := strings.IndexAny(rest, quote+"\n"); cut >= 0 {
			rest = rest[:cut]
		}
		if start, end, ok = userinfoPassword(rest); ok {
			return from + start, from + end, true
		}
	}
}

// quoteBefore returns the quote before the scheme that ends at i, which ends the URL as
// well; "" if there is none.
func quoteBefore(v string, i int) string {
	for i > 0 && (isAlphanumeric(v[i-1]) || strings.IndexByte("+.-:_=", v[i-1]) >= 0) {
		i--
	}
	if i > 0 && strings.IndexByte("\"'`", v[i-1]) >= 0 {
		return v[i-1 : i]
	}
	return ""
}

// userinfoPassword looks in what follows "://" for user:password@.
func userinfoPassword(rest string) (start, end int, ok bool) {
	rest = rest[:min(len(rest), 4096)] // a list of many URLs costs no more than its length
	if i := strings.IndexAny(rest, " \t\n\"'`<>,;|"); i >= 0 && strings.IndexByte(rest[:i], '@') >= 0 {
		rest = rest[:i]
	}
	if i := strings.Index(rest, "://"); i >= 0 && strings.IndexByte(rest[:i], '@') >= 0 {
		rest = rest[:i] // the next URL of a list
	}
	colon := strings.IndexByte(rest, ':')
	if colon < 0 || strings.ContainsAny(rest[:colon], "/?#@ ") {
		return 0, 0, false
	}
	if colon > 0 && portThenText().MatchString(rest[colon:]) {
		return 0, 0, false
	}
	authority := rest
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		authority = rest[:i]
	}
	at := strings.LastIndexByte(authority, '@')
	if at < 0 && !portThenPath().MatchString(rest[colon:]) { // an unescaped / ? # in the password
		at = strings.LastIndexByte(rest, '@')
	}
	if at <= colon {
		return 0, 0, false
	}
	return colon + 1, at, true
}

//nolint:gochecknoglobals // tables, never written
var portThenText = lazyregexp.New("^:[0-9]{2,5}(?:[\"'`<>|)\\]}]|[,;]?\\s|,[a-z0-9+]+://)")

//nolint:gochecknoglobals // a table, never written
var portThenPath = lazyregexp.New(`^:(?:[0-9]+(?:[/?#]|$)|[/?#\[]|\]|[0-9a-fA-F:]*\])`)

// isPlainURL reports whether v is one URL, or several with commas, which carries no
// credential, also if no variable in it is set.
func isPlainURL(v string) bool {
	if hasExpansion(v) {
		v, _ = withDefaults(v)
	}
	return strings.Contains(v, "://") && oneURL().MatchString(v) && !hasURLPassword(v) && !hasURLCredential(v)
}

//nolint:gochecknoglobals // a table, never written
var oneURL = lazyregexp.New(`^(?i:jdbc:|ref\+)?[A-Za-z][A-Za-z0-9+.:-]*://\S*$`)

// hasURLCredential reports whether v gives access by what its path, query or user name
// says: chat webhooks, signed queries, tokens in place of a user.
func hasURLCredential(v string) bool {
	return strings.Contains(v, "://") && (tells(urlCredentials)(v) || tells(cutPasswords)(v) || isVendorSecret(v) || hasAssignedPassword(v))
}

func isSentryDSN(v string) bool { return strings.HasPrefix(v, "http") && sentry().MatchString(v) }
