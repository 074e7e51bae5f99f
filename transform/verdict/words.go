package verdict

import (
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/transform/images"
)

// glued are endings that people write without a separator before or inside them, and
// the words that they mean: REDISPASS is "redis pass", AUTHKEY "auth key". The first
// that fits the end of a word wins.
//
//nolint:gochecknoglobals // a table, never written
var glued = []struct {
	suffix string
	words  []string
}{
	{"requirepass", []string{"password"}},
	{"passphrase", []string{"passphrase"}},
	{"password", []string{"password"}},
	{"passwords", []string{"passwords"}},
	{"passwd", []string{"passwd"}},
	{"htpasswd", []string{"htpasswd"}},
	{"credentials", []string{"credentials"}},
	{"credential", []string{"credential"}},
	{"encryptionkey", []string{"encryption", "key"}},
	{"privatekey", []string{"private", "key"}},
	{"publickey", []string{"public", "key"}},
	{"secretkey", []string{"secret", "key"}},
	{"accesskey", []string{"access", "key"}},
	{"masterkey", []string{"master", "key"}},
	{"licensekey", []string{"license", "key"}},
	{"signingkey", []string{"signing", "key"}},
	{"sharedkey", []string{"shared", "key"}},
	{"servicekey", []string{"service", "key"}},
	{"sitekey", []string{"site", "key"}},
	{"authkey", []string{"auth", "key"}},
	{"hostkey", []string{"host", "key"}},
	{"apikey", []string{"api", "key"}},
	{"apikeys", []string{"api", "keys"}},
	{"appkey", []string{"app", "key"}},
	{"secret", []string{"secret"}},
	{"secrets", []string{"secrets"}},
	{"token", []string{"token"}},
	{"tokens", []string{"tokens"}},
	{"clientid", []string{"client", "id"}},
	{"username", []string{"username"}},
	{"pass", []string{"pass"}},
	{"pwd", []string{"pwd"}},
	{"pw", []string{"pw"}},
}

// ordinary are English words that end like a glued one.
//
//nolint:gochecknoglobals // a table, never written
var ordinary = images.WordSet("compass bypass trespass overpass underpass surpass encompass")

// modifiers say in which form, version or place a value is given, not what it
// is: SECRET_KEY_BASE and PRIVATE_KEY_PEM end like SECRET_KEY and PRIVATE_KEY.
//
//nolint:gochecknoglobals // a table, never written
var modifiers = images.WordSet(`hex base64 b64 base32 base pem der raw plain encoded value val text txt string
	content contents data json yaml current previous prev old new next legacy primary secondary backup fallback
	dev development prod production stage staging test testing local default override env main
	one two first second a b v1 v2 v3 v4 asymmetric symmetric`)

// splitWords splits a variable's name into lower-case words: at every character that
// is neither letter nor digit, at aB and ABc, and before the glued endings.
func splitWords(name string) []string {
	words := make([]string, 0, 8)
	lower := strings.ToLower(name)
	if len(lower) != len(name) { // letters beyond ASCII: no camel case then
		name = lower
	}
	start := 0
	for i := 0; i <= len(name); i++ {
		if i < len(name) && isWordByte(name[i]) && (i <= start || !startsWord(name, i)) {
			continue
		}
		if i > start {
			words = appendUnglued(words, lower[start:i])
		}
		start = i
		if i < len(name) && !isWordByte(name[i]) {
			start = i + 1
		}
	}
	return words
}

func isWordByte(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b >= 0x80
}

func isUpper(b byte) bool { return b >= 'A' && b <= 'Z' }
func isLower(b byte) bool { return b >= 'a' && b <= 'z' }

// startsWord reports whether a camel-case word begins at name[i], i > 0.
func startsWord(name string, i int) bool {
	if !isUpper(name[i]) {
		return false
	}
	return isLower(name[i-1]) || isUpper(name[i-1]) && i+1 < len(name) && isLower(name[i+1])
}

// appendUnglued splits word before a glued ending, drops digits behind it (PASSWORD2),
// and appends the parts to words.
func appendUnglued(words []string, word string) []string {
	bare := strings.TrimRight(word, "0123456789")
	if bare == "key" {
		return append(words, bare)
	}
	if len(bare) < 4 || ordinary[bare] || !mayBeGlued(bare) {
		return append(words, word)
	}
	for _, g := range glued {
		if head, found := strings.CutSuffix(bare, g.suffix); found && len(head) != 1 {
			if head != "" {
				words = append(words, head)
			}
			return append(words, g.words...)
		}
	}
	return append(words, word)
}

// mayBeGlued is false only if no ending in glued fits word. It is cheap.
func mayBeGlued(word string) bool {
	switch word[len(word)-1] {
	case 'd', 'y', 's', 't', 'n', 'l', 'e', 'w':
		return true
	}
	return false
}

// withoutModifiers drops "for" and the words after it, then trailing modifiers and
// numbers; at least one word stays.
func withoutModifiers(words []string) []string {
	n := len(words)
	if i := slices.Index(words, "for"); i > 0 { // API_KEY_FOR_PLUGIN
		n = i
	}
	for n > 1 && (modifiers[words[n-1]] || isNumber(words[n-1])) {
		n--
	}
	return words[:n]
}

func isNumber(word string) bool { return strings.Trim(word, "0123456789") == "" }
