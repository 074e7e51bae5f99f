package verdict

import (
	"strings"
	"sync"

	"github.com/docker-secrets/docker-secrets/internal/lazyregexp"
	"github.com/docker-secrets/docker-secrets/transform/images"
)

// CommentTells reports whether a comment may hold a credential, so that it must not be
// carried over: an assignment, a command, a URL or a header that somebody commented out,
// a name with its value on the next line, a sentence that tells a password, a text that a
// machine made. Text is one line or a block of lines, with or without their '#'. In doubt
// the answer is yes.
func CommentTells(text string) bool {
	bare := withoutMarks(text)
	return len(Credentials(bare)) > 0 || tellsList(bare) || tellsSentence(bare) || tellsNextLine(bare) || tellsUser(bare) || tellsWord(bare)
}

// tellsList reports whether text is a list of words, ["app", "--password", "x"], that as
// a command has a credential.
func tellsList(text string) bool {
	if !strings.ContainsAny(text, "\"'") || strings.IndexByte(text, ',') < 0 {
		return false
	}
	return tells(commandFlags)(strings.NewReplacer(`"`, "", `'`, "", ",", " ", "[", " ", "]", " ").Replace(text))
}

// tellsUser reports whether text has a URL whose user looks like a token.
func tellsUser(text string) bool {
	for _, m := range urlUser().FindAllStringSubmatch(text, -1) {
		if !isGiven(m[2]) && (m[1] == "nats" || isGenerated(m[2])) && !sentry().MatchString(m[0]) {
			return true
		}
	}
	return false
}

// withoutMarks takes the marks of comments and of quoted text from the lines of text.
func withoutMarks(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(strings.TrimLeft(line, " \t#/;*>!|`$%"))
		if !strings.HasSuffix(line, "\n") {
			continue
		}
		if s := b.String(); !strings.HasSuffix(s, "\n") {
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// tellsSentence reports whether text has a credential's word and its value: "password is
// x", "x is the password", "login admin / x", "PIN 4711".
func tellsSentence(text string) bool {
	for _, m := range sentence().FindAllStringSubmatch(text, -1) {
		before, whose, sign, word, rest := m[1], m[2], strings.TrimSpace(m[3]), m[4], m[5]
		if sign == "" && strings.Trim(word, letters+".,;:!?()'-") == "" && (whose != "" || len(strings.Fields(before)) > 2) {
			continue // a sentence about passwords
		}
		if isTold(word, rest, sign != "") {
			return true
		}
	}
	for _, shape := range []lazyregexp.Regexp{reverse, couple, account, piped} {
		for _, m := range shape().FindAllStringSubmatch(text, -1) {
			if isTold(m[1], "", true) {
				return true
			}
		}
	}
	return false
}

// isTold reports whether word, with rest after it on its line, is a value and not the
// next word of a sentence. If a verb or a sign comes before it (stated), one more word
// may follow.
func isTold(word, rest string, stated bool) bool {
	bare := strings.Trim(word, "\"'`*,;:!?().«»“”[]<>|")
	switch {
	case len(bare) < 2, startsGiven(bare), startsGiven(word), isPath(bare), isSwitch(bare), isPlainURL(bare), proseWords()[strings.ToLower(bare)], numbers().MatchString(bare):
		return false
	case strings.ContainsAny(word[:1], "\"'`") && len(bare) >= 3: // in quotes
		return true
	case strings.Trim(bare, letters+"-'") != "":
		return !isQuantity(bare) || len(bare) >= 4
	}
	words := len(strings.Fields(strings.Trim(rest, " \t.,;:!)#|")))
	return words == 0 || stated && words <= 1
}

// tellsNextLine reports whether a line of text ends in a credential's name, and the next
// has one word.
func tellsNextLine(text string) bool {
	lines := strings.Split(text, "\n")
	for i := range len(lines) - 1 {
		name := nameAtEnd().FindStringSubmatch(lines[i])
		value := strings.TrimSpace(lines[i+1])
		value = strings.Trim(strings.TrimPrefix(value, "- "), "\"'`")
		if name == nil || value == "" || strings.ContainsAny(value, " \t") || isGiven(value) || isSwitch(value) || isPath(value) || isPlainURL(value) || strings.HasSuffix(value, ":") {
			continue
		}
		if isCredentialName(name[1], value) {
			return true
		}
	}
	return false
}

// tellsWord reports whether text has a word that a machine made and that is not public.
func tellsWord(text string) bool {
	for word := range strings.FieldsSeq(text) {
		word = strings.Trim(word, "\"'`,;:()«»“”[]<>|")
		if len(word) < 8 || strings.Contains(word, "://") || strings.HasPrefix(word, "AAAA") || publicWord().MatchString(word) || startsGiven(word) || isPath(word) || uuid().MatchString(word) || plainName().MatchString(word) {
			continue
		}
		if isGenerated(word) || isGenerated(word[strings.LastIndexByte(word, '=')+1:]) || isVendorSecret(word) {
			return true
		}
	}
	return false
}

//nolint:gochecknoglobals // tables, never written
var (
	sentence   = lazyregexp.New(`(?im)^((?:[^\n]*[^A-Za-z\n])?)` + credentialWords + `["'` + "`" + `]?[ \t]*(?:\([^()\n]*\)[ \t]*)?((?:(?:for|of)\b[ \t]*(?:the[ \t]+)?[\w.@-]+[ \t]*)?)((?:[:=|]>?|->|→|–|is set to|is now|is still|is|was|are|ist|lautet|to|as|set to)?[ \t]*[:=|]?)[ \t]+(\S+)[ \t]*([^\n]*)`)
	reverse    = lazyregexp.New(`(?im)(\S+)[ \t]+(?:is|as|was|ist)[ \t]+(?:(?:the|a|my|our|your|its|old|new|root|admin|db|database)[ \t]+)*` + credentialWords)
	couple     = lazyregexp.New(`(?im)\b(?:user(?:name)?|log[ -]?in|sign[ -]?in|account|credentials?|creds|pass(?:word)?)\b[^\n]{0,24}?[ \t:=("'` + "`" + `][\w.@+-]{2,}(?:[ \t]*[/:|][ \t]*|[ \t]+(?:and|with)[ \t]+)([^\s/:|,]{3,})[ \t.)"'` + "`" + `]*$`)
	account    = lazyregexp.New(`(?im)^[ \t-]*(?:admin(?:istrator)?|root|sa|superuser|elastic|postgres|guest)(?:[ \t]+[/|][ \t]+|[:/])([^\s/:|,]{4,})[ \t.)]*$`)
	piped      = lazyregexp.New(`(?im)\b(?:echo|printf)[ \t]+(?:-n[ \t]+)?(\S+)[ \t]*\|[^\n]*(?:login|passw|--stdin|passwd)`)
	urlUser    = lazyregexp.New(`([a-z][a-z0-9+.-]*)://([^\s/:@]{4,})@\S+`)
	numbers    = lazyregexp.New(`^[\d:.-]+$|^\d+(?:/tcp|/udp)$`)
	nameAtEnd  = lazyregexp.New(`(?i)([A-Za-z][\w.-]*)["']?[ \t]*(?:[:=]|is|=>|\|)[ \t]*[|>\\]?[-+]?[ \t]*$`)
	publicWord = lazyregexp.New(`(?i)^(?:(?:[\w./:-]+@)?sha(?:1|256|512)[:-]|[0-9a-f]{40}$|[\w.-]+(?:/[\w.-]+)+:[\w.-]+$|[\w.+-]+@[\w.-]+$|[\w.-]+\.(?:com|org|net|io|dev|de|md|ya?ml|json|sh|html?)(?:[/:#].*)?$|\$\{?[\w:?+-]*\}?$)`)
	plainName  = lazyregexp.New(`^(?:[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|[a-z][a-z0-9]*(?:[_-][a-z0-9]{1,7})+|v?\d+(?:[.x-]\d+)+\w*|[\w.]+\(\)?|--?[\w-]+)$`)

	proseWords = sync.OnceValue(func() map[string]bool { return images.WordSet(proseText) })
)

// credentialWords matches the words for a credential in a sentence.
const credentialWords = `(?:pass(?:word|wort|wd|phrase|code)?s?|requirepass|masterauth|pwd?|pin|secret|token|(?:api|access|secret|private|license|encryption|master)[ _-]?key|credentials?|creds|log[ -]?ins?|bearer|senha|kennwort)\b`

// proseText are words that go on a sentence about a password without telling it.
const proseText = `serves serve works work acts act reserved treated known referred a an the this that these those it its if in on at by of off for from to into with without within and or nor but not no never only
	is are was were be been being am has have had do does did can could may might must shall should will would
	you your yours we our they their he she his her i my me us one two
	as than then there here where when while which who what why how also any all both each every some same other another such
	set unset sets setting read reads written stored kept saved loaded taken given passed used use uses using needed required optional mandatory supported
	generated created made provided defined specified configured changed rotated injected mounted empty blank missing present available valid invalid
	hashed encrypted encoded plain plaintext hidden secure insecure wrong correct default defaults custom new old own random strong weak long short
	file files env environment variable variables vault docker secret secrets config configuration settings value values field name names user username email
	password passwords token tokens key keys login credentials auth authentication authorization header headers cookie cookies session
	below above see via per like e.g i.e etc please note make sure change replace enter copy paste add put generate create run get remove rotate
	page pages docs documentation support based type types manager policy length prompt form field reset protected protection authenticated expires expired expiry lifetime rotation store storage provider providers server service endpoint url uri path database db app application client bot account accounts admin root
	here todo tbd none null n/a yes no true false`
