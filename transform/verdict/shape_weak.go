package verdict

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"github.com/docker-secrets/docker-secrets/internal/lazyregexp"
	"github.com/docker-secrets/docker-secrets/secret"
)

//go:embed data/weak.txt
var weakText string

// weakWords are the words of data/weak.txt, lower case, letters and digits only.
//
//nolint:gochecknoglobals // read once, never written
var weakWords = sync.OnceValue(func() map[string]bool {
	words := map[string]bool{}
	for line := range strings.Lines(weakText) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			words[line] = true
		}
	}
	return words
})

// Weak reports whether v protects nothing: it is empty or shorter than four characters,
// it is a password that attackers try first, or it is a placeholder. In a URL the
// password is judged.
func Weak(v secret.Value) bool {
	text := strings.TrimSpace(v.Reveal())
	if start, end, ok := urlPassword(text); ok {
		text = text[start:end]
	}
	return len(text) < 4 || isPlaceholder(text) && (!hasGeneratedPart(text) || isUnsafe(text)) || isGuessable(text)
}

// isPlaceholder reports whether v says that it must be replaced (changeme).
func isPlaceholder(v string) bool {
	return len(v) <= 128 && mayBePlaceholder(v) && placeholder().MatchString(v)
}

// mayBePlaceholder holds for each text that placeholder matches and costs little: of
// thousands of passwords few have one of these words, of which each row has one.
func mayBePlaceholder(v string) bool {
	if v == "" || strings.IndexByte("<[{_%.*xX#", v[0]) >= 0 {
		return true
	}
	for i := range len(v) {
		if v[i] >= 0x80 {
			return true // it may be a letter of such a word in another case
		}
	}
	lower := strings.ToLower(v)
	return slices.ContainsFunc(placeholderWords, func(word string) bool { return strings.Contains(lower, word) })
}

//nolint:gochecknoglobals // a table, never written
var placeholderWords = []string{
	"change", "replac", "fill", "set", "insert", "todo", "tbd", "fixme", "secure", "unsafe", "use", "only",
	"here", "me", "this", "with", "your", "own", "in", "super", "placeholder", "example",
	"pass", "secret", "key", "token", "value", "string", "char", "salt",
}

//nolint:gochecknoglobals // a table, never written
var placeholder = lazyregexp.New(`(?i)^(?:` + strings.Join([]string{
	`<[^<>]*>`, `\[[^\[\]]*\]`, `\{\{[^{}]*\}\}`, `__[a-z0-9_]+__`, `%[a-z_]+%`, `\.{3,}`, `\*{3,}`, `x{3,}`, `# .*`,
	`.*change[-_ ]?(?:me|this|it|before|in[-_ ]?production|please|now)\b.*`, `change[-_ ]?(?:me|this|it)[a-z0-9]*`, `.*please[-_ ]?(?:change|replace|set).*`,
	`change(?:password|encryptionkey|runnerauthtoken|user|secret|token|key)`,
	`(?:to[-_ ]?be[-_ ]?|must[-_ ]?be[-_ ]?)(?:replaced|changed|set|filled).*`,
	`(?:replace|insert|enter|add|put|set|fill|type|use|generate|create|provide)[-_ ].*(?:here|me|this|with|your|own|in)\b.*`, `(?:replaceme|fillme|setme|fill|todo|tbd|fixme|insert)`,
	`(?:your|my|the|some|any|an?|example|sample|dummy|fake|placeholder|test)[-_ .].*(?:pass(?:word|wd)?|secret|key|token|here|value|string|chars?|characters|salt)\S*`,
	`.*(?:your|super)[-_ ](?:own[-_ ]|super[-_ ]|very[-_ ]|strong[-_ ])*(?:secret|password|pass|key|token|secure|strong|long)[-_ ].*`,
	`.*[-_](?:here|placeholder|changeme|example)`, unsafeText,
}, "|") + `)$`)

// unsafeText says itself that it protects nothing, whatever else is in it.
const unsafeText = `dev[-_]only.*|.*(?:not[-_ ]?secure|insecure|unsafe|do[-_ ]?not[-_ ]?use).*`

//nolint:gochecknoglobals // a table, never written
var unsafe = lazyregexp.New(`(?i)^(?:` + unsafeText + `)$`)

func isUnsafe(v string) bool { return unsafe().MatchString(v) }

// isGuessable reports whether v is a common word, with the usual decoration, or a run of
// one character or of neighbours.
func isGuessable(v string) bool {
	lower := strings.ToLower(v)
	bare, plain := strings.Map(letterOrDigit, lower), strings.Map(letterOrDigit, unleet.Replace(lower))
	if bare == "" {
		return len(v) < 8
	}
	if weakWords()[bare] || weakWords()[plain] || isRun(bare) {
		return true
	}
	word := strings.TrimRight(bare, "0123456789")
	return len(bare)-len(word) <= 4 && word != "" && weakWords()[word]
}

//nolint:gochecknoglobals // a table, never written
var unleet = strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s")

func letterOrDigit(r rune) rune {
	if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r > 0x7f {
		return r
	}
	return -1
}

// isRun reports whether each character is the one before, or its neighbour in one
// direction: aaaaaa, 12345678, 987654, abcdefgh.
func isRun(v string) bool {
	if len(v) < 3 {
		return false
	}
	step := int(v[1]) - int(v[0])
	if step < -1 || step > 1 {
		return false
	}
	for i := 2; i < len(v); i++ {
		wraps := step == 1 && v[i-1] == '9' && v[i] == '0'
		if int(v[i])-int(v[i-1]) != step && !wraps {
			return false
		}
	}
	return true
}
