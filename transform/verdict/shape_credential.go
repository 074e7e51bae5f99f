package verdict

import (
	"encoding/base64"
	"strings"

	"github.com/docker-secrets/docker-secrets/internal/lazyregexp"
	"github.com/docker-secrets/docker-secrets/secret"
)

// isReference tells whether v names a place in a secret manager: what stands
// behind that is a secret by definition.
func isReference(v string) bool {
	_, found := secret.Managed(v)
	return found
}

// isPrivateKey tells whether v holds a private key: PEM, also in JSON or in
// base64, a PuTTY or an age key.
func isPrivateKey(v string) bool {
	switch {
	case strings.Contains(v, "-----BEGIN "), strings.HasPrefix(v, "LS0tLS1CRUdJTi"):
		return strings.Contains(pemText(v), "PRIVATE KEY")
	}
	return strings.Contains(v, "AGE-SECRET-KEY-1") || strings.HasPrefix(v, "PuTTY-User-Key-File-")
}

// pemText is v, or the first line of v if v is base64.
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

// hasURLPassword tells whether a URL in v has a password before its host. The
// password may hold any character: people do not escape theirs, and the one
// which `${…}` gives may be empty today.
func hasURLPassword(v string) bool {
	_, _, ok := urlPassword(v)
	return ok
}

// urlPassword gives the byte range of the first URL's password in v. It may be
// empty.
func urlPassword(v string) (start, end int, ok bool) {
	for from := 0; ; {
		i := strings.Index(v[from:], "://")
		if i < 0 {
			return 0, 0, false
		}
		from += i + len("://")
		if start, end, ok = userinfoPassword(v[from:]); ok {
			return from + start, from + end, true
		}
	}
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

//nolint:gochecknoglobals // a table, never written
var portThenPath = lazyregexp.New(`^:(?:[0-9]+(?:[/?#]|$)|[/?#\[]|\]|[0-9a-fA-F:]*\])`)

// isPlainURL tells whether v is one URL, or several with commas, which carries
// no credential.
func isPlainURL(v string) bool {
	return strings.Contains(v, "://") && oneURL().MatchString(v) && !hasURLPassword(v) && !hasURLCredential(v)
}

//nolint:gochecknoglobals // a table, never written
var oneURL = lazyregexp.New(`^(?i:jdbc:|ref\+)?[A-Za-z][A-Za-z0-9+.:-]*://\S*$`)

// hasURLCredential tells whether v gives access by what its path, query or user
// name says: chat webhooks, signed queries, tokens in place of a user.
func hasURLCredential(v string) bool {
	if !strings.Contains(v, "://") {
		return false
	}
	return webhook().MatchString(v) || notifier().MatchString(v) || urlQuery().MatchString(v) || isVendorSecret(v) || hasURLToken(v) || hasAssignedPassword(v)
}

//nolint:gochecknoglobals // tables, never written
var (
	webhook  = lazyregexp.New(`(?i)://(?:hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/|(?:[a-z]+\.)?discord(?:app)?\.com/api/(?:v\d+/)?webhooks/|api\.telegram\.org/bot|[a-z0-9.-]+\.webhook\.office\.com/|outlook\.office(?:365)?\.com/webhook/|[a-z0-9.-]+\.logic\.azure\.com[:/]|chat\.googleapis\.com/v1/spaces/|open\.(?:feishu\.cn|larksuite\.com)/open-apis/bot/|oapi\.dingtalk\.com/robot/send|qyapi\.weixin\.qq\.com/cgi-bin/webhook/|hooks\.zapier\.com/hooks/|maker\.ifttt\.com/trigger/|hc-ping\.com/[0-9a-f-]{36})`)
	notifier = lazyregexp.New(`^(?:discord|telegram|tgram|slack|gotify|pushover|pover|pushbullet|opsgenie|ifttt|zulip|rocket(?:chat)?)://\S{12,}`)
	// urlQuery needs a value behind the parameter that is no mere word.
	urlQuery = lazyregexp.New(`(?i)[?&](?:access_?token|auth_?token|token|api_?key|apikey|secret|client_secret|sig|signature|sv=[^&]+&sig|password|passwd|pwd|pass|auth)=[^&\s]{4,}|[?&]u=[^&]*&p=[^&\s]+`)
	tokenURL = lazyregexp.New(`(?i)://([A-Za-z0-9_.~%+=-]{16,})@`)
	sentry   = lazyregexp.New(`(?i)^https?://[0-9a-f]{32}@[^/]+/(?:[^/]+/)*[0-9]+$`)
)

// hasURLToken tells whether a URL has a token where a user name stands, except
// for a Sentry DSN, whose key only lets one send events.
func hasURLToken(v string) bool {
	m := tokenURL().FindStringSubmatch(v)
	return m != nil && isRandom(m[1]) && !sentry().MatchString(v)
}

func isSentryDSN(v string) bool { return strings.HasPrefix(v, "http") && sentry().MatchString(v) }
