package verdict

import (
	"strings"

	"github.com/docker-secrets/docker-secrets/internal/lazyregexp"
)

// urlPasswords finds the password of each URL of text.
func urlPasswords(text string) ranges {
	return func(yield func(int, int) bool) {
		for start, end := range userinfoPasswords(text) {
			if start < end && !isGiven(text[start:end]) && !yield(start, end) {
				return
			}
		}
	}
}

// cutPasswords finds the password of a database's URL that ends in it: the author's
// password has a " #", which begins a comment in an env file. A port is none.
func cutPasswords(text string) ranges {
	return func(yield func(int, int) bool) {
		for _, m := range cutURL().FindAllStringSubmatchIndex(text, -1) {
			value := text[m[2]:m[3]]
			if !isGiven(value) && !isNumber(value) && !strings.EqualFold(value, "port") && !yield(m[2], m[3]) {
				return
			}
		}
	}
}

// userinfoPasswords finds the same as urlPasswords, and also passwords that are empty or
// that a variable gives.
func userinfoPasswords(text string) ranges {
	return func(yield func(int, int) bool) {
		for from := 0; ; {
			start, end, ok := urlPassword(text[from:])
			if !ok || !yield(from+start, from+end) {
				return
			}
			from += end
		}
	}
}

// urlCredentials finds what gives access to a URL beside a password: the path of a
// chat's webhook, a parameter, a token in place of the user.
func urlCredentials(text string) ranges {
	return func(yield func(int, int) bool) {
		if hasScheme(text) && !(webhookKeys(text, yield) && urlTokens(text, yield)) {
			return
		}
		if hasQuery(text) {
			parameters(text, yield)
		}
	}
}

func webhookKeys(text string, yield func(int, int) bool) bool {
	for _, m := range hook().FindAllStringSubmatchIndex(text, -1) {
		if hasRandomPart(text[m[0]:m[1]]) && !yield(m[2], m[3]) {
			return false
		}
	}
	return group(webhook().FindAllStringSubmatchIndex(text, -1), 1, yield) &&
		group(notifier().FindAllStringSubmatchIndex(text, -1), 1, yield)
}

// urlTokens finds a token in the place of a URL's user. A word alone before the host of
// NATS is a token; the key of a Sentry DSN is none, since it only allows to send events.
func urlTokens(text string, yield func(int, int) bool) bool {
	for _, m := range tokenURL().FindAllStringSubmatchIndex(text, -1) {
		scheme, token := text[m[2]:m[3]], text[m[4]:m[5]]
		isToken := isRandom(token) || isGenerated(token) && len(token) >= 12 && !uuid().MatchString(token) || scheme == "nats"
		if isToken && !isGiven(token) && !sentry().MatchString(text[m[2]:]) && !yield(m[4], m[5]) {
			return false
		}
	}
	return true
}

// parameters finds those of a URL that are credentials by their name, or have a name
// that says little and a value that a machine made.
func parameters(text string, yield func(int, int) bool) bool {
	for _, m := range parameter().FindAllStringSubmatchIndex(text, -1) {
		value, s := text[m[4]:m[5]], newSubjectOf(text[m[2]:m[3]], "")
		if startsGiven(value) || isSwitch(value) || isPath(value) {
			continue
		}
		certain := len(value) >= 4 && parameterNames.match(s) || s.name == "p" && strings.HasSuffix(text[:m[2]], "&") && userParameter().MatchString(text[:m[2]])
		if (certain || parameterKeys.match(s) && isGenerated(value)) && !yield(m[4], m[5]) {
			return false
		}
	}
	return true
}

// hostLogins finds user:password@host and user/password@host, which databases take
// without a scheme.
func hostLogins(text string) ranges {
	return func(yield func(int, int) bool) {
		for _, shape := range []lazyregexp.Regexp{goDSN, oracle, bareLogin} {
			for _, m := range shape().FindAllStringSubmatchIndex(text, -1) {
				other := notLogin().MatchString(text[m[0]:m[2]]) || strings.HasPrefix(text[m[3]:], "@sha256:")
				if !other && !isGiven(text[m[2]:m[3]]) && !yield(m[2], m[3]) {
					return
				}
			}
		}
	}
}

//nolint:gochecknoglobals // tables, never written
var (
	// webhook is the address of a chat or an automation whose only key is its path;
	// from the documentation of each.
	webhook = lazyregexp.New(`(?i)://(?:hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/|(?:[a-z]+\.)?discord(?:app)?\.com/api/(?:v\d+/)?webhooks/|api\.telegram\.org/bot|[a-z0-9.-]+\.webhook\.office\.com/|outlook\.office(?:365)?\.com/webhook/|[a-z0-9.-]+\.logic\.azure\.com[:/]|[a-z0-9.-]+\.powerplatform\.com[:/]|chat\.googleapis\.com/v1/spaces/|open\.(?:feishu\.cn|larksuite\.com)/open-apis/bot/|oapi\.dingtalk\.com/robot/send\?|qyapi\.weixin\.qq\.com/cgi-bin/webhook/|hooks\.zapier\.com/hooks/|maker\.ifttt\.com/trigger/|hc-ping\.com/|hook\.[a-z0-9.]*make\.com/|events\.pagerduty\.com/integration/|webexapis\.com/v1/webhooks/incoming/|media\.guilded\.gg/webhooks/|alert\.victorops\.com/integrations/)([^\s"'<>|,]+)`)
	// hook is one on a host of one's own: Mattermost, Rocket.Chat, Home Assistant, n8n.
	hook = lazyregexp.New(`(?i)://[a-z0-9.:-]+/(?:[\w-]+/)*(?:hooks?|webhooks?|webhook-test)/([^\s"'<>|,?]{8,})`)
	// notifier is a URL of shoutrrr or Apprise.
	notifier      = lazyregexp.New(`(?i)(?:^|[\s"'=,])(?:discord|telegram|tgram|slack|gotifys?|pushover|pover|pushbullet|pbul|opsgenie|ifttt|zulip|rocket(?:chat)?|mattermost|mmosts?|msteams|teams)://([^\s"'<>|,]{12,})`)
	cutURL        = lazyregexp.New(`(?im)(?:^|[\s"'=])(?:postgres(?:ql)?|mysql2?|mariadb|mongodb(?:\+srv)?|rediss?|amqps?|sqlserver|mssql)(?:\+\w+)?://[^\s/:@,"'$]*:([^\s/:@,;?#"'$(){}]{4,})["']?[ \t]*(?:#.*)?$`)
	tokenURL      = lazyregexp.New(`(?i)([a-z][a-z0-9+.-]*)://([A-Za-z0-9_.~%+=-]{4,})@`)
	sentry        = lazyregexp.New(`(?i)^https?://[0-9a-f]{32}@[^/\s]+/(?:[^/\s]+/)*[0-9]+(?:$|[\s"',;])`)
	parameter     = lazyregexp.New("[?&#]([A-Za-z][\\w.%-]*)=([^&\\s\"'<>#;,)\\]|`]+)")
	userParameter = lazyregexp.New(`[?&](?:u|user|username)=[^&]*&$`)
	// goDSN is a data source of Go's MySQL driver, oracle one of Oracle's clients.
	goDSN     = lazyregexp.New(`(?:^|[\s"'=,])[^:/@\s"'=,]+:([^\s,]+)@(?:tcp|udp|unix|cloudsql)\(`)
	oracle    = lazyregexp.New(`(?i)(?:^|[\s"'=,]|:)"?[\w$#.-]+/"?([^\s/"',]+)"?@(?://[\w.-]|\(\s*DESC|[\w.-]+:\d+[/:])`)
	bareLogin = lazyregexp.New(`(?:^|[\s"'=,])[\w.-]+:([^\s/:"',]+)@[A-Za-z0-9][\w.-]*(?::\d{2,5}(?:[/?\s"',]|$)|/)`)
	notLogin  = lazyregexp.New(`(?i)^\W*(?:mailto|sips?|xmpp|acct|npm|jsr|git|docker|image|urn):$`)

	parameterNames = newPhrases(`~token, ~tokens, ~api key, secret, ~secret, sig, signature, password, passwd, pwd, pass, passphrase, access key, auth, sas, ~credential, ~credentials, private key, app key, license key`)
	parameterKeys  = newPhrases(`key, code, appid, app id, k, t, s, hash, ticket, jwt, session, hmac, webhook, subscription key`)
)
