package verdict

import "strings"

// The tests below are cheap and run before the finders. Each holds for all texts in which
// its finder finds something; most values have none of the shapes.

func hasScheme(text string) bool        { return strings.Contains(text, "://") }
func assigns(text string) bool          { return strings.IndexByte(text, '=') > 0 }
func hasHost(text string) bool          { return strings.IndexByte(text, '@') > 2 }
func isLong(text string) bool           { return len(text) >= 12 }
func hasClaims(text string) bool        { return strings.Contains(text, ".ey") }
func hasSchemeOrQuery(text string) bool { return hasScheme(text) || hasQuery(text) }
func hasQuery(text string) bool         { return assigns(text) && strings.ContainsAny(text, "?&#") }
func hasHashMark(text string) bool      { return strings.ContainsAny(text, "${") }

func hasExpansion(text string) bool {
	return strings.IndexByte(text, '{') >= 0 && (strings.Contains(text, "${") || strings.Contains(text, "\x00{"))
}

func mayBePrivateKey(text string) bool {
	return strings.Contains(text, "PRIVATE KEY") || strings.Contains(text, "LS0tLS1CRUdJTi") || strings.Contains(text, "AGE-SECRET-KEY-1") || strings.HasPrefix(text, "PuTTY")
}

func mayBeHeader(text string) bool {
	return len(text) > 8 && strings.ContainsAny(text, " =:%") && holdsAny(text, &headerStarts)
}

func mayBeNamed(text string) bool {
	return len(text) > 4 && strings.ContainsAny(text, ":=<( \t") && holdsAny(text, &nameStarts)
}

func mayBeLogin(text string) bool {
	return len(text) > 6 && (strings.Count(text, ":") >= 2 || strings.ContainsAny(text, " \t") && (strings.Contains(text, "-p") || strings.Contains(text, " >") || strings.Contains(text, " '") || holdsAny(text, &nameStarts)))
}

func mayBeCommand(text string) bool {
	return strings.Contains(text, " -") || strings.HasPrefix(text, "-") || strings.Contains(text, "\n-") || strings.Contains(text, "\t-")
}

// starts are words by their first letter, without it.
type starts [256][]string

// holdsAny reports whether one of the words is in text, in any case.
func holdsAny(text string, words *starts) bool {
	for i := 0; i+1 < len(text); i++ {
		for _, rest := range words[text[i]|0x20] {
			if len(text)-i > len(rest) && strings.EqualFold(text[i+1:i+1+len(rest)], rest) {
				return true
			}
		}
	}
	return false
}

//nolint:gochecknoglobals // tables, never written
var (
	// nameStarts begin what is in the name of each credential.
	nameStarts = starts{
		'p': {"ass", "wd", "w", "in", "epper", "sk", "sw", "word", "arola"}, 's': {"ecret", "alt", "enha"}, 't': {"oken"}, 'k': {"ey", "ennwort"},
		'a': {"uth"}, 'c': {"red", "ontrasena"}, 'm': {"otdepasse"}, 'w': {"achtwoord"},
	}
	headerStarts = starts{'a': {"uthorization"}, 'b': {"earer", "asic"}, 'x': {"-"}}
)
