package verdict

import (
	"encoding/base64"
	"strings"

	"github.com/docker-secrets/docker-secrets/internal/lazyregexp"
)

// hasAssignedPassword reports whether v is a text of several parts, one of which gives a
// password: a libpq or ADO connection string, a JAAS line, JVM options, a Go MySQL DSN.
func hasAssignedPassword(v string) bool { return tells(assignedPasswords)(v) }

// isGoogleKey reports whether v is a Google API key; those of Firebase and Maps are meant
// for browsers.
func isGoogleKey(v string) bool {
	return len(v) == 39 && strings.HasPrefix(v, "AIza")
}

// isAWSKeyID reports whether v is the identifier of an AWS key pair.
func isAWSKeyID(v string) bool { return len(v) == 20 && awsKeyID().MatchString(v) }

//nolint:gochecknoglobals // a table, never written
var awsKeyID = lazyregexp.New(`^(?:AKIA|ASIA)[A-Z2-7]{16}$`)

// isJWT reports whether v is a signed token for other than anonymous users.
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

// isAnonJWT reports whether v is a token for anonymous users, which browsers get.
func isAnonJWT(v string) bool { return jwt().MatchString(v) && !isJWT(v) }

// isUserAndPassword reports whether v is user:password or user/password.
func isUserAndPassword(v string) bool {
	return userAndPassword().MatchString(v) && !strings.Contains(v, "://")
}

// isUserColonPassword reports whether v is one or more user:password, and neither
// host:port, image:tag nor a principal of Kafka (User:admin).
func isUserColonPassword(v string) bool {
	user, password, found := strings.Cut(v, ":")
	return found && isUserAndPassword(v) && !strings.EqualFold(user, "user") && !strings.EqualFold(user, "group") && !strings.Contains(user, "/") && !isNumber(password[:min(len(password), 3)])
}

//nolint:gochecknoglobals // a table, never written
var userAndPassword = lazyregexp.New(`^[\w.@-]+(?:: ?|/)[^\s:/]\S*$`)
