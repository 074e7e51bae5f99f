package verdict

import (
	"strings"

	"github.com/docker-secrets/docker-secrets/internal/lazyregexp"
	"github.com/docker-secrets/docker-secrets/transform/shell"
)

// logins finds the passwords in the files and arguments that hold nothing else:
// .netrc, .pgpass, the users of an SFTP server, "-u root -pSECRET".
func logins(text string) ranges {
	return func(yield func(int, int) bool) {
		for _, shape := range loginShapes {
			if strings.Contains(text, shape.mark) && !shape.find(text, yield) {
				return
			}
		}
	}
}

func (l loginShape) find(text string, yield func(int, int) bool) bool {
	for _, m := range l.pattern().FindAllStringSubmatchIndex(text, -1) {
		value := text[m[2]:m[3]]
		if isGiven(value) || isPath(value) || l.not != nil && l.not(text, m) {
			continue
		}
		if !yield(m[2], m[3]) {
			return false
		}
	}
	return true
}

// loginShape is one form; the first group of its pattern is the password.
type loginShape struct {
	mark    string // what each text of this form holds
	pattern lazyregexp.Regexp
	not     func(text string, match []int) bool
}

//nolint:gochecknoglobals // a table, never written
var loginShapes = []loginShape{
	{mark: "passw", pattern: lazyregexp.New(`(?i)\b(?:login|user|username|account)\s+\S+\s+passw(?:or)?d\s+("[^"\n]+"|[^\s;"]+)`), not: func(text string, m []int) bool {
		return isSwitch(text[m[2]:m[3]]) || conjunction().MatchString(text[m[0]:m[2]])
	}},
	{mark: ":", pattern: lazyregexp.New(`(?m)^\s*[^:\s#/]+:(?:\d{2,5}|\*):[^:\s]+:[^:\s]+:(\S+)\s*$`), not: func(text string, m []int) bool { return hexGroups().MatchString(text[m[0]:m[1]]) }},
	{mark: ":", pattern: lazyregexp.New(`[A-Za-z][\w.-]*:([^\s:"'/,]{2,}):(?:e:)?\d{3,5}(?::\d{3,5})?(?::[\w/,.-]+)?(?:$|[\s"'])`), not: notSFTP},
	{mark: "-p", pattern: lazyregexp.New(`(?:^|\s)-u\s*\S+\s+(?:-h\s*\S+\s+)?-p([^\s"'-][^\s"']*)`), not: func(text string, m []int) bool { return portMapping().MatchString(text[m[2]:m[3]]) }},
	{mark: "-p", pattern: lazyregexp.New(`(?:^|\s)-u\s*\S+\s+-p\s+([^\s"'-][^\s"']*)`), not: func(text string, m []int) bool { return !isGenerated(text[m[2]:m[3]]) }},
	{mark: "IDENTIFIED", pattern: identifiedBy},
	{mark: "identified", pattern: identifiedBy},
	{mark: "PASSWORD", pattern: sqlPassword},
	{mark: "password", pattern: sqlPassword},
	{mark: ">", pattern: lazyregexp.New(`(?m)^\s*user\s+\S+\s+(?:on|off)\b.*?\s>(\S+)`)}, // Redis ACL
	{mark: "insecure-password", pattern: lazyregexp.New(`\binsecure-password\s+(\S+)`)},
	{mark: "|", pattern: pipedLogin},
	{mark: "stats auth", pattern: lazyregexp.New(`stats auth\s+[^\s:]+:(\S+)`)}, // HAProxy
}

// notSFTP reports whether a match looks like ports, an image or a file of accounts, and
// not like user:password:uid.
func notSFTP(text string, m []int) bool {
	if m[0] > 0 && strings.IndexByte(" \t\n\"'=,", text[m[0]-1]) < 0 {
		return true
	}
	whole, password := strings.TrimSpace(text[m[0]:m[1]]), text[m[2]:m[3]]
	user, _, _ := strings.Cut(whole, ":")
	return notLogin().MatchString(user+":") || isNumber(password) && len(password) < 8 || password == "x" || strings.Trim(password, "*!") == "" || strings.Count(whole, ":") > 5 || hexGroups().MatchString(whole)
}

//nolint:gochecknoglobals // tables, never written
var (
	hexGroups    = lazyregexp.New(`^[\s"']*[0-9a-fA-F:]+[\s"']*$`)
	conjunction  = lazyregexp.New(`(?i)\s(?:and|or|und|oder|&|\+|with)\s`)
	portMapping  = lazyregexp.New(`^(?:\d{1,5}|[\d.]*:[\d.:-]+)(?:/(?:tcp|udp))?$`)
	identifiedBy = lazyregexp.New(`(?i)\bidentified\s+(?:with\s+\S+\s+)?by\s+(?:password\s+)?'([^']+)'`)
	pipedLogin   = lazyregexp.New(`\b(?:echo|printf)\s+(?:-n\s+|-e\s+|["']%s(?:\\n)?["']\s+)*["']?(?:[\w.-]+:)?([^\s"'|]+)["']?\s*\|\s*(?:sudo\s+)?(?:passwd\b|chpasswd\b|[^|\n]*(?:--password-stdin|--passphrase-fd\b|passwd\s+--stdin))`)
	sqlPassword  = lazyregexp.New(`(?i)\bpassword\s+'([^'\n]+)'`)
)

// shellDefaults finds the value that a shell uses if a variable is not set,
// ${DB_PASSWORD:-x}, where the name or the text is that of a credential.
func shellDefaults(text string) ranges {
	return func(yield func(int, int) bool) {
		for _, m := range defaultText().FindAllStringSubmatchIndex(text, -1) {
			start, end := unquoted(text, m[4], m[5])
			value := text[start:end]
			if value != "" && !isGiven(value) && !isPath(value) && !isSwitch(value) && isCredentialName(text[m[2]:m[3]], value) && !yield(start, end) {
				return
			}
		}
	}
}

// soleDefault returns the range of the default in text, if text is one expansion that has
// one: after a password's flag it is a password, whatever the variable is called.
func soleDefault(text string) (start, end int, ok bool) {
	m := defaultText().FindStringSubmatchIndex(text)
	if m == nil || m[0] != 0 || m[1] != len(text) {
		return 0, 0, false
	}
	start, end = unquoted(text, m[4], m[5])
	return start, end, end > start && strings.IndexByte(text[start:end], shell.Expansion) < 0
}

//nolint:gochecknoglobals // a table, never written
var defaultText = lazyregexp.New(`[$\x00]\{([A-Za-z_]\w*):?[-=+]([^{}]*)\}`)

// commandFlags finds credentials in the flags and arguments of commands, in each line
// of text.
func commandFlags(text string) ranges {
	return func(yield func(int, int) bool) {
		for start := 0; start < len(text); {
			end := logicalLine(text, start)
			for _, l := range lineLiterals(text[start:end]) {
				if !yield(start+l.Start, start+l.End) {
					return
				}
			}
			start = end + 1
		}
	}
}

func lineLiterals(line string) []Literal {
	if len(line) > maxCommand || !mayBeCommand(line) {
		return nil
	}
	return ScriptLiterals(line)
}

// maxCommand is the longest line that is read as a command.
const maxCommand = 4096

// logicalLine returns the end of the line that begins at start, including the lines that
// a backslash joins to it.
func logicalLine(text string, start int) int {
	for from := start; ; {
		i := strings.IndexByte(text[from:], '\n')
		if i < 0 {
			return len(text)
		}
		if from += i + 1; from < 2 || text[from-2] != '\\' {
			return from - 1
		}
	}
}
