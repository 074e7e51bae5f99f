package verdict

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"

	"github.com/docker-secrets/docker-secrets/internal/lazyregexp"
)

// privateKeys finds private keys from their first line to their last: PEM, also in
// JSON or in base64, a PuTTY or an age key.
func privateKeys(text string) ranges {
	return func(yield func(int, int) bool) {
		if strings.HasPrefix(text, "PuTTY-User-Key-File-") {
			yield(0, len(text))
			return
		}
		if group(privatePEM().FindAllStringSubmatchIndex(text, -1), 0, yield) && group(ageKey().FindAllStringSubmatchIndex(text, -1), 0, yield) {
			encodedKeys(text, yield)
		}
	}
}

// encodedKeys finds PEM in base64, which begins with that of "-----BEGIN ".
func encodedKeys(text string, yield func(int, int) bool) {
	for _, m := range encodedPEM().FindAllStringIndex(text, -1) {
		if strings.Contains(pemText(text[m[0]:m[1]]), "PRIVATE KEY") && !yield(m[0], m[1]) {
			return
		}
	}
}

// jwts finds signed tokens for other than anonymous users.
func jwts(text string) ranges {
	return func(yield func(int, int) bool) {
		for _, m := range jwtWithin().FindAllStringSubmatchIndex(text, -1) {
			if isJWT(text[m[2]:m[3]]) && !yield(m[2], m[3]) {
				return
			}
		}
	}
}

// passwordHashes finds the hashes of passwords, alone or behind user:, with their
// dollars doubled or not. Hashes can be guessed offline.
func passwordHashes(text string) ranges {
	return func(yield func(int, int) bool) {
		group(passwordHash().FindAllStringSubmatchIndex(text, -1), 1, yield)
	}
}

// authorizations finds the credential in an Authorization header, or in one like it.
func authorizations(text string) ranges {
	return func(yield func(int, int) bool) {
		for _, m := range bearer().FindAllStringSubmatchIndex(text, -1) {
			token := text[m[2]:m[3]]
			if !startsGiven(token) && strings.ContainsAny(token, "0123456789=") && !yield(m[2], m[3]) {
				return
			}
		}
		for _, m := range header().FindAllStringSubmatchIndex(text, -1) {
			if isSent(text[m[0]:m[2]], text[m[2]:m[3]]) && !yield(m[2], m[3]) {
				return
			}
		}
	}
}

// isSent reports whether token is the credential of a header, not a word in a sentence
// about it, as after a blank alone.
func isSent(before, token string) bool {
	if startsGiven(token) || isSwitch(token) || isNothing(token) || isSchemeName(token) {
		return false
	}
	return strings.ContainsAny(before, `:="'`) || strings.Trim(token, letters+".,;") != ""
}

// basicAuths finds the credential of "Basic" without a header's name: base64 of
// user:password.
func basicAuths(text string) ranges {
	return func(yield func(int, int) bool) {
		for start := 0; start < len(text); start++ {
			end := start
			for end < len(text) && (isAlphanumeric(text[end]) || text[end] == '+' || text[end] == '/') {
				end++
			}
			for end > start && end < len(text) && text[end] == '=' {
				end++
			}
			if isBasicAuth(text[start:end]) && !yield(start, end) {
				return
			}
			start = end
		}
	}
}

func isSchemeName(word string) bool {
	switch strings.ToLower(word) {
	case "bearer", "basic", "digest", "token", "apikey", "negotiate", "required", "optional", "forward":
		return true
	}
	return false
}

// isBasicAuth reports whether v is base64 of user:password.
func isBasicAuth(v string) bool {
	if len(v) < 12 || strings.IndexByte(base64Start, v[0]) < 0 {
		return false
	}
	if _, ok := decoded(v[:12]); !ok {
		return false
	}
	text, ok := decoded(v)
	if !ok {
		return false
	}
	user, password, found := strings.Cut(text, ":")
	return found && password != "" && basicUser().MatchString(user) && !strings.ContainsAny(password, " \n") && !strings.HasPrefix(password, "//")
}

// base64Start are the letters that base64 of a text in ASCII begins with.
const base64Start = "IJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

// decoded returns the text that v is the base64 of; false if v is not base64 of a text.
func decoded(v string) (string, bool) {
	raw, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(v, "="))
	if err != nil || !utf8.Valid(raw) {
		return "", false
	}
	for _, b := range raw {
		if b < ' ' && b != '\n' && b != '\t' && b != '\r' || b == 0x7f {
			return "", false
		}
	}
	return string(raw), true
}

//nolint:gochecknoglobals // tables, never written
var (
	privatePEM = lazyregexp.New(`-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----(?s:.*?-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|.*)|-----BEGIN [A-Z0-9 ]*PRIVATE KEY`)
	encodedPEM = lazyregexp.New(`LS0tLS1CRUdJTi[A-Za-z0-9+/=_-]*`)
	ageKey     = lazyregexp.New(`AGE-SECRET-KEY-1[0-9A-Z]*`)
	jwtWithin  = lazyregexp.New(`(?:^|[^\w.-])(ey[\w-]{8,}\.ey[\w-]{8,}\.[\w-]*)`)
	basicUser  = lazyregexp.New(`^[\w.@+-]{1,64}$`)
	// passwordHash: crypt(3), bcrypt, argon2, phpass, LDAP, Django, Werkzeug, SCRAM as
	// PostgreSQL keeps it.
	passwordHash = lazyregexp.New(`(?m)(?:^|[\s:=,"'])(` + strings.Join([]string{
		`\$\$?(?:2[abxy])\$\$?\d\d\$\$?[./A-Za-z0-9]{8,}`,
		`\$\$?(?:apr1|1)\$\$?[./A-Za-z0-9]{1,8}\$\$?[./A-Za-z0-9]{8,}`,
		`\$\$?[56]\$\$?(?:rounds=\d+\$\$?)?[./A-Za-z0-9]{1,16}\$\$?[./A-Za-z0-9]{8,}`,
		`\$\$?(?:argon2(?:id?|d)|scrypt|pbkdf2(?:-sha\d+)?|7|y)\$\$?[^\s"']{16,}`,
		`\$\$?[PH]\$\$?[./A-Za-z0-9]{31}`,
		`\{(?:S?SHA(?:256|512)?|CRYPT|BLF-CRYPT|SHA512-CRYPT|ARGON2ID?|PBKDF2[A-Z0-9_-]*|SSHA)\}[^\s"']{8,}`,
		`(?:pbkdf2_sha\d+|argon2|bcrypt_sha256)\$\$?\d+\$\$?[^\s"']{16,}`, `(?:pbkdf2:sha\d+|scrypt)(?::\d+)+\$\$?[^\s"']{16,}`,
		`SCRAM-SHA-256\$\$?\d+:[^\s"']{16,}`,
	}, "|") + `)`)
	bearer = lazyregexp.New(`(?i)(?:^|[\s,;"'=:])(?:bearer|basic)(?:[ \t]|%20)+([\w.~+/=-]{8,})`)
	header = lazyregexp.New(`(?i)(?:^|[\s,;"'=:(])(?:(?:proxy-)?authorization\\?["']?[ \t]*[:=][ \t]*\\?["']?(?:(?:bearer|basic|token|apikey|digest|key)(?:[ \t]|%20)+)?|x-[a-z0-9-]*(?:api-key|token|secret|key|password)\\?["']?(?:[ \t]*[:=][ \t]*|[ \t]+)\\?["']?)([^\s"'\\,;]{4,})`)
)
