package verdict

import (
	"strings"

	"github.com/docker-secrets/docker-secrets/internal/lazyregexp"
	"github.com/docker-secrets/docker-secrets/transform/images"
)

// Each shape below judges one value. Most variables of a file are asked for each of them,
// so that each begins with a cheap test.

//nolint:gochecknoglobals // a table, never written
var switchWords = images.WordSet("true false yes no on off null none nil undefined enabled disabled y n t f")

// isSwitch reports whether v is a boolean word or says that there is nothing.
func isSwitch(v string) bool {
	return len(v) <= len("undefined") && switchWords[strings.ToLower(v)]
}

// isBit reports whether v is a boolean written as a digit.
func isBit(v string) bool { return v == "0" || v == "1" }

// isQuantity reports whether v is a number, a duration, a size or a rate: 4096, -1, 0.5,
// 15m, 1h30m, 20MB, 60/minute.
func isQuantity(v string) bool {
	return len(v) <= 24 && strings.ContainsAny(v[:1], "-+.0123456789") && quantity().MatchString(v)
}

//nolint:gochecknoglobals // a table, never written
var quantity = lazyregexp.New(`^[-+]?(?:[0-9]*\.?[0-9]+ ?(?i:%|px|[kmgtp]i?b?|[kmgt]bit|b|bytes?|rpm|rps|[nuµm]?s|h|d|w|y|ms|secs?|mins?|hrs?|seconds?|minutes?|hours?|days?|weeks?|months?|years?)?|(?:[0-9]+(?i:w|d|h|m|s|ms)){2,5})(?:(?:/|r/| per )(?i:[a-z]+))?$`)

// isNothing reports whether v is an empty list, object or string.
func isNothing(v string) bool {
	return len(v) <= 3 && (v == "[]" || v == "{}" || v == `""` || v == "''" || v == "-" || strings.TrimSpace(v) == "")
}

// isDockerReference reports whether v is a reference that the Docker Engine itself
// resolves.
func isDockerReference(v string) bool { return strings.HasPrefix(v, "se://") }

// isPath reports whether v names a file, a folder or a socket.
func isPath(v string) bool {
	if len(v) > 512 || !strings.ContainsAny(v, "/.\\") || strings.ContainsAny(v, " \t\n;=|\"'") {
		return false
	}
	bare := strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(v, "@"), "file:"), "unix:")
	switch {
	case bare == "":
		return false
	case bare[0] == '/', strings.HasPrefix(bare, "./"), strings.HasPrefix(bare, "../"), strings.HasPrefix(bare, "~/"):
		return inKnownFolder(bare) || wordyPath(bare)
	case len(bare) > 2 && bare[1] == ':' && (bare[2] == '\\' || bare[2] == '/'): // a drive of Windows
		return true
	}
	return extensions[strings.ToLower(bare[strings.LastIndexByte(bare, '.')+1:])] && relativePath().MatchString(bare)
}

//nolint:gochecknoglobals // tables, never written
var (
	folders = images.WordSet(`run etc var usr opt home root data app apps srv mnt media tmp dev proc config conf cert certs secret secrets
		key keys ssl tls auth bitnami vault workspace code src www lib bin storage docker host install init log logs backup backups
		uploads nix custom local share shared`)
	extensions = images.WordSet(`pem key crt cer cert der p12 pfx jks jceks keystore truststore txt json yaml yml toml ini conf cnf env
		properties xml asc gpg pub sh py js db sqlite sqlite3 sock log`)
	relativePath = lazyregexp.New(`^[\w.@-]+(?:/[\w.@-]+)*$`)
)

// inKnownFolder reports whether an absolute path lies where containers keep files.
func inKnownFolder(v string) bool {
	first, _, _ := strings.Cut(strings.TrimLeft(v, "/"), "/")
	return v[0] == '/' && folders[first]
}

// wordyPath keeps base64 that happens to begin with a slash apart from a path:
// the parts of a path are words, not a mixture of cases and digits.
func wordyPath(v string) bool {
	if v[0] == '/' && strings.Count(strings.Trim(v, "/"), "/") == 0 && !strings.Contains(v, ".") {
		return false // one part alone can be a password as well
	}
	for part := range strings.SplitSeq(v, "/") {
		if len(part) >= 10 && isMixed(part) && !strings.ContainsAny(part, ".-_") || strings.Contains(part, "+") {
			return false
		}
	}
	return true
}

// isMixed reports whether v has upper case, lower case and digits.
func isMixed(v string) bool {
	return strings.ContainsFunc(v, func(r rune) bool { return r >= 'A' && r <= 'Z' }) &&
		strings.ContainsFunc(v, func(r rune) bool { return r >= 'a' && r <= 'z' }) &&
		strings.ContainsFunc(v, func(r rune) bool { return r >= '0' && r <= '9' })
}

// isPublicMaterial reports whether v is the public half of something: a certificate, a
// public key, a browser key by its vendor's prefix.
func isPublicMaterial(v string) bool {
	switch {
	case strings.Contains(v, "AAAA"):
		return publicSSH().MatchString(v)
	case strings.Contains(v, "-----BEGIN "), strings.HasPrefix(v, "LS0tLS1CRUdJTi"):
		text := pemText(v)
		return !strings.Contains(text, "PRIVATE KEY") && publicPEM().MatchString(text)
	}
	return publicPrefix().MatchString(v)
}

//nolint:gochecknoglobals // tables, never written
var (
	// publicSSH are lines of authorized_keys and known_hosts: options or hosts, the kind
	// of the key, the key; or the key alone, which begins with the length of its kind.
	publicSSH    = lazyregexp.New(`^(?:(?:[^\n]*[ \t])?(?:sk-)?(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-\S+)(?:@openssh\.com)?[ \t]+AAAA[A-Za-z0-9+/=]+(?:[ \t][^\n]*)?(?:\r?\n|$))+|^AAAA[BCEGI]3NzaC1[A-Za-z0-9+/=]*$|^AAAAE2VjZHNhLXNoYTIt[A-Za-z0-9+/=]*$`)
	publicPEM    = lazyregexp.New(`-----BEGIN (?:(?:RSA |EC )?PUBLIC KEY|(?:X509 |TRUSTED )?CERTIFICATE|CERTIFICATE REQUEST|PGP PUBLIC KEY BLOCK)`)
	publicPrefix = lazyregexp.New(`^(?:pk_(?:live|test)_|pk\.eyJ|phc_|sb_publishable_|age1[0-9a-z]{50,}$)`)
)

// isRandom reports whether v looks generated and not made to be remembered: one long run
// of letters and digits, well mixed.
func isRandom(v string) bool {
	if len(v) < 20 || len(v) > 1024 || !randomText().MatchString(v) || uuid().MatchString(v) {
		return false
	}
	switch {
	case hexText().MatchString(v):
		return len(v) >= 32
	case isMixed(v):
		return turns(v) >= len(v)/4
	}
	return !strings.ContainsAny(v, "/_-") && isCode(v) && turns(v) >= len(v)/3
}

// isCode reports whether v is one run of 16 or more letters and digits, both.
func isCode(v string) bool {
	return len(v) >= 16 && randomText().MatchString(v) && strings.ContainsAny(v, "0123456789") &&
		strings.ContainsFunc(v, func(r rune) bool { return r|0x20 >= 'a' && r|0x20 <= 'z' })
}

//nolint:gochecknoglobals // tables, never written
var (
	randomText = lazyregexp.New(`^[A-Za-z0-9+/_-]+={0,2}$`)
	hexText    = lazyregexp.New(`^(?:[0-9a-f]+|[0-9A-F]+)$`)
	uuid       = lazyregexp.New(`^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)
)

// turns returns how often a character is of another class (upper, lower, digit, other)
// than the one before. Words have few turns, random text has many.
func turns(v string) int {
	n := 0
	for i := 1; i < len(v); i++ {
		if class(v[i]) != class(v[i-1]) {
			n++
		}
	}
	return n
}

func class(b byte) int {
	switch {
	case isUpper(b):
		return 1
	case isLower(b):
		return 2
	case b >= '0' && b <= '9':
		return 3
	}
	return 4
}
