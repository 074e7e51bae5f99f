package verdict

import (
	"encoding/base64"
	"strings"

	"github.com/docker-secrets/docker-secrets/internal/lazyregexp"
)

// hasAssignedPassword tells whether v is a text of several parts, one of which
// gives a password: a libpq or ADO connection string, a JAAS line, JVM options,
// a Go MySQL DSN.
func hasAssignedPassword(v string) bool {
	if len(v) < len("pwd=x") || !strings.ContainsAny(v, "=@") {
		return false
	}
	if goDSN().MatchString(v) {
		return true
	}
	_, _, ok := assignedPassword(v)
	return ok
}

// assignedPassword gives the byte range of the first password that is assigned
// within v.
func assignedPassword(v string) (start, end int, ok bool) {
	if strings.IndexByte(v, '=') < 0 {
		return 0, 0, false
	}
	for _, m := range assigned().FindAllStringSubmatchIndex(v, -1) {
		from, to := m[2], m[3]
		if from < 0 {
			from, to = m[4], m[5]
		}
		if text := v[from:to]; !isSwitch(text) && !isPath(text) && !isParameter(text) {
			return from, to, true
		}
	}
	return 0, 0, false
}

//nolint:gochecknoglobals // tables, never written
var (
	assigned = lazyregexp.New(`(?i)(?:password|passwd|passphrase|pwd|requirepass|accountkey|sharedaccesskey|sharedaccesssignature|secret_?key|secret_?access_?key|client_?secret)(?:['"]?\])?["']?\s*=>?\s*(?:["']([^"']+)|([^\s;,&"']+))`)
	goDSN    = lazyregexp.New(`^[^:/@\s]+:[^@\s]*@(?:tcp|udp|unix|cloudsql)\(`)
)

// isParameter tells whether text stands for any value: in an LDAP filter, an SQL
// statement, a format.
func isParameter(text string) bool {
	return text[0] == '*' || text == "?" || len(text) == 2 && text[0] == '%'
}

// isGoogleKey tells whether v is a Google API key; those of Firebase and Maps
// are meant for browsers.
func isGoogleKey(v string) bool {
	return len(v) == 39 && strings.HasPrefix(v, "AIza")
}

// isAWSKeyID tells whether v is the identifier of an AWS key pair.
func isAWSKeyID(v string) bool { return len(v) == 20 && awsKeyID().MatchString(v) }

//nolint:gochecknoglobals // a table, never written
var awsKeyID = lazyregexp.New(`^(?:AKIA|ASIA)[A-Z2-7]{16}$`)

// isJWT tells whether v is a signed token for other than anonymous users.
func isJWT(v string) bool {
	m := jwt().FindStringSubmatch(v)
	if m == nil {
		return false
	}
	claims, err := base64.RawURLEncoding.DecodeString(m[1])
	return err != nil || !anonRole().Match(claims)
}

//nolint:gochecknoglobals // tables, never written
var (
	jwt      = lazyregexp.New(`^(?:Bearer )?ey[\w-]{8,}\.(ey[\w-]{8,})\.[\w-]*$`)
	anonRole = lazyregexp.New(`"role"\s*:\s*"anon"`)
)

// isAnonJWT tells whether v is a token for anonymous users, which browsers get.
func isAnonJWT(v string) bool { return jwt().MatchString(v) && !isJWT(v) }

// isPasswordHash tells whether v is the hash of a password, alone or in lines of
// an htpasswd file. Hashes can be guessed offline.
func isPasswordHash(v string) bool {
	return strings.ContainsAny(v, "${") && passwordHash().MatchString(v)
}

//nolint:gochecknoglobals // a table, never written
var passwordHash = lazyregexp.New(`(?m)^(?:[^\s:$]+:)?\s*(?:\$\$?(?:2[abxy]|apr1|argon2(?:id?|d)|5|6|1|7|y|scrypt|pbkdf2(?:-sha\d+)?)\$\S{8,}|\{(?:S?SHA(?:256|512)?|CRYPT|BLF-CRYPT|SHA512-CRYPT|ARGON2ID?)\}\S{8,})`)

// hasAuthorization tells whether v holds an Authorization header or the like.
func hasAuthorization(v string) bool {
	if len(v) <= 12 || !strings.ContainsAny(v, " =:%") {
		return false
	}
	m := authorization().FindStringSubmatch(v)
	return m != nil && (m[1] == "" || strings.ContainsAny(m[1], "0123456789="))
}

//nolint:gochecknoglobals // a table, never written
var authorization = lazyregexp.New(`(?i)(?:^|[\s,;"'=:])(?:authorization["']?\s*[:=]\s*["']?\S|(?:bearer|basic)(?:\s|%20)+([\w.~+/=-]{8,})|x-[a-z-]*(?:api-key|token|secret|key)["']?\s*[:=]\s*["']?[^\s"']{8,})`)

// hasJSONCredential tells whether a text in JSON, YAML, TOML or Ruby within v
// gives a password or token under a name of its own.
func hasJSONCredential(v string) bool {
	if len(v) < 16 || !strings.ContainsAny(v, "{\n[") {
		return false
	}
	for _, m := range structured().FindAllStringSubmatch(v, -1) {
		if text := m[1]; len(text) > 2 && !isSwitch(text) && !isQuantity(text) && !isPath(text) && !isPlainURL(text) {
			return true
		}
	}
	for _, m := range structuredKey().FindAllStringSubmatch(v, -1) {
		if isRandom(m[1]) {
			return true
		}
	}
	return false
}

//nolint:gochecknoglobals // a table, never written
var structuredKey = lazyregexp.New(`(?i)[{,\n]\s*\\?["']?[\w-]*key\\?["']?\s*[:=]\s*\\?["']?([^\s"',}\]\\]{20,})`)

//nolint:gochecknoglobals // a table, never written
var structured = lazyregexp.New(`(?im)(?:[{,\[]\s*|^\s*(?:-\s*)?|\\?["'])[\w.-]*(?:password|passwd|passphrase|secret|secret_?key|private_?key|api_?key|access_?token|auth_?token|refresh_?token|token|auth|jwt_?secret|credentials?)\\?["']?\]?\s*(?::|=>?)\s*\\?["']?([^\s"',}\]\\]+)`)

// isUserAndPassword tells whether v is user:password or user/password.
func isUserAndPassword(v string) bool {
	return userAndPassword().MatchString(v) && !strings.Contains(v, "://")
}

// isUserColonPassword tells whether v is one or more user:password, and neither
// host:port nor image:tag.
func isUserColonPassword(v string) bool {
	user, password, found := strings.Cut(v, ":")
	return found && isUserAndPassword(v) && !strings.Contains(user, "/") && !isNumber(password[:min(len(password), 3)])
}

//nolint:gochecknoglobals // a table, never written
var userAndPassword = lazyregexp.New(`^[\w.@-]+(?:: ?|/)[^\s:/]\S*$`)
