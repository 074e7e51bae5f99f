package verdict

import (
	"strings"

	"github.com/docker-secrets/docker-secrets/internal/lazyregexp"
	"github.com/docker-secrets/docker-secrets/transform"
)

// namedCredentials finds the values that have a credential's name before them, in
// JSON, YAML, TOML, INI, properties, a shell's assignments, PHP and XML, at any depth.
func namedCredentials(text string) ranges {
	return func(yield func(int, int) bool) {
		for p := range pairs(text) {
			if p.isCredential(text) && !yield(p.start, p.end) {
				return
			}
		}
		_ = definitions(text, yield) && elements(text, yield) && directives(text, yield)
	}
}

// assignedPasswords finds the parts of connection strings, JAAS lines and JVM options
// that can be nothing but a password.
func assignedPasswords(text string) ranges {
	return func(yield func(int, int) bool) {
		for p := range pairs(text) {
			if text[p.sign] == '=' && certainName().MatchString(p.name) && p.isLiteral(text) && !yield(p.start, p.end) {
				return
			}
		}
	}
}

// bracedPasswords finds those of ODBC, which are written between braces: Driver=x;PWD={y}.
// Elsewhere such a text is a placeholder.
func bracedPasswords(text string) ranges {
	return func(yield func(int, int) bool) {
		if odbc().MatchString(text) {
			group(bracedPassword().FindAllStringSubmatchIndex(text, -1), 1, yield)
		}
	}
}

// isCredential judges a pair by its name, as a variable or a flag of that name.
func (p pair) isCredential(text string) bool {
	if !holdsAny(p.name, &nameStarts) || !p.isLiteral(text) {
		return false
	}
	value := text[p.start:p.end]
	tight := text[p.sign] == ':' && !p.quoted && p.start == p.sign+1 // image:tag, host:port, volume:/path
	if tight && value[0] == '/' || tight && !isGenerated(value) && !(passwords.match(newSubjectOf(p.name, "")) && !isNumber(value)) {
		return false
	}
	if strings.EqualFold(p.name, "auth") || strings.EqualFold(p.name, "_auth") {
		return isGenerated(value) || isUserColonPassword(value)
	}
	return isCredentialName(p.name, value)
}

// isLiteral reports whether the value is written out and can be a credential.
func (p pair) isLiteral(text string) bool {
	value := text[p.start:p.end]
	if isGiven(value) || isSwitch(value) || isPath(value) || isPlainURL(value) || isNothing(value) || isReference(value) {
		return false
	}
	if strings.Contains(value, "${") && len(expansions().ReplaceAllString(value, "")) < 8 {
		return false
	}
	return p.quoted || value[0] != '{' && value[0] != '<' && !expression().MatchString(value) && !p.isSentence(text)
}

// isSentence reports whether the word after a colon is the first of several: a sentence
// about the password.
func (p pair) isSentence(text string) bool {
	value := text[p.start:p.end]
	next, _, _ := strings.Cut(text[p.end:], "\n")
	return text[p.sign] == ':' && len(next) > 1 && next[0] == ' ' && (isLower(next[1]|0x20) || next[1] == '`') && strings.Trim(value, letters) == ""
}

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

// isCredentialName judges the name of a value within a text. A name of many words is
// a sentence.
func isCredentialName(name, value string) bool {
	return len(name) <= 64 && isCredentialFlag(name, value)
}

// definitions finds the second argument of PHP's define(), of functions that set one, and
// of MongoDB's auth(): define('DB_PASSWORD', 'x'), setenv("X_TOKEN", "x").
func definitions(text string, yield func(int, int) bool) bool {
	if strings.IndexByte(text, '(') < 0 {
		return true
	}
	for _, m := range authCall().FindAllStringSubmatchIndex(text, -1) {
		if !isGiven(text[m[2]:m[3]]) && !yield(m[2], m[3]) {
			return false
		}
	}
	for _, m := range definition().FindAllStringSubmatchIndex(text, -1) {
		if value := text[m[4]:m[5]]; !isGiven(value) && isCredentialName(text[m[2]:m[3]], value) && !yield(m[4], m[5]) {
			return false
		}
	}
	return true
}

// elements finds <Password>x</Password>, <add key="Password" value="x"/> and
// <property name="x.password">x</property>.
func elements(text string, yield func(int, int) bool) bool {
	if strings.IndexByte(text, '<') < 0 {
		return true
	}
	for _, shape := range []lazyregexp.Regexp{element, keyAttribute, keyedElement} {
		for _, m := range shape().FindAllStringSubmatchIndex(text, -1) {
			start, end := m[4], m[5]
			start, end = trimmed(text, start, end)
			value := text[start:end]
			if value != "" && (pair{start: start, end: end, quoted: true}).isLiteral(text) && isCredentialName(text[m[2]:m[3]], value) && !yield(start, end) {
				return false
			}
		}
	}
	return true
}

// directives finds the settings of programs that have a blank between name and value:
// requirepass x, and others in a file of several lines.
func directives(text string, yield func(int, int) bool) bool {
	for _, m := range directive().FindAllStringSubmatchIndex(text, -1) {
		start, end := unquoted(text, m[4], m[5])
		name, value := text[m[2]:m[3]], text[start:end]
		if isGiven(value) || isSwitch(value) || isPath(value) || value == "" || hasScheme(value) {
			continue
		}
		certain := directiveNames[strings.ToLower(name)]
		if (certain || isGenerated(value) && holdsAny(name, &nameStarts) && isCredentialName(name, value)) && !yield(start, end) {
			return false
		}
	}
	return true
}

// trimmed and unquoted narrow a range: without white space, without quotes.
func trimmed(text string, start, end int) (int, int) {
	for start < end && strings.IndexByte(" \t\r\n", text[start]) >= 0 {
		start++
	}
	for end > start && strings.IndexByte(" \t\r\n", text[end-1]) >= 0 {
		end--
	}
	return start, end
}

func unquoted(text string, start, end int) (int, int) {
	if end-start >= 2 && (text[start] == '"' || text[start] == '\'') && text[end-1] == text[start] {
		return start + 1, end - 1
	}
	return start, end
}

//nolint:gochecknoglobals // tables, never written
var (
	certainName    = lazyregexp.New(`(?i)(?:password|passwd|passphrase|pwd|requirepass|accountkey|sharedaccesskey|sharedaccesssignature|secret_?key|secret_?access_?key|client_?secret)$`)
	expression     = lazyregexp.New(`^(?:[\w.]+\(.*|\$[A-Za-z_]\w*[\[.(-].*|(?:process\.env|os\.environ|env|secrets|vars?)[.\[:].*|!\w+|[|>][+-]?|ENC\[.*|[&*]\w+)$`)
	expansions     = lazyregexp.New(`\$\$?\{[^{}]*\}|\{\{.*?\}\}`)
	odbc           = lazyregexp.New(`(?i)(?:^|[;"'\s])driver\s*=\s*[^;]+;`)
	bracedPassword = lazyregexp.New(`(?i)\b(?:pwd|password)\s*=\s*\{([^{}\s]+)\}`)
	definition     = lazyregexp.New(`(?i)\b(?:define|setenv|putenv|ini_set|set)\(\s*\\?["']([\w.-]+)\\?["']\s*,\s*\\?["']([^"'\\]+)`)
	authCall       = lazyregexp.New(`\.auth\(\s*\\?["'][^"'\\]+\\?["']\s*,\s*\\?["']([^"'\\]+)`)
	element        = lazyregexp.New(`<([\w:.-]+)(?:\s[^<>]*)?>([^<>]+)</`)
	keyAttribute   = lazyregexp.New(`(?i)\b(?:name|key)\s*=\s*"([^"<>]+)"\s+value\s*=\s*"([^"<>]+)"`)
	keyedElement   = lazyregexp.New(`(?i)\b(?:name|key)\s*=\s*"([^"<>]+)"[^<>]*>([^<>]+)</`)
	directive      = lazyregexp.New(`(?m)(?:^|[;{])[ \t]*([A-Za-z][\w.-]*)[ \t]+("[^"\n]+"|'[^'\n]+'|[^\s;#"']+)[ \t]*;?[ \t]*\r?$`)
	directiveNames = map[string]bool{"requirepass": true, "masterauth": true, "primaryauth": true, "rootpw": true, "bindpw": true, "insecure-password": true, "remote_password": true, "tls-key-file-pass": true}
)

// isCredentialFlag judges a flag's name like a variable's, except that a key
// must be called one of its kinds.
func isCredentialFlag(name, value string) bool {
	s := newSubjectOf(name, value)
	if len(s.words) == 0 || noValueFlags[s.words[len(s.words)-1]] || strings.ContainsAny(name, "/:@?&,;(){}") || !flagNames.match(s) {
		return false
	}
	for _, table := range [][]rule{valueVetoes, publicNames, nameVetoes, nameRules} {
		if f, ok := firstMatch(table, s); ok {
			return f.Verdict == transform.Secret
		}
	}
	return false
}
