package verdict

import "strings"

// isGenerated tells whether a part of v looks made by a machine, or chosen to be hard
// to guess: letters and digits in turn (Kd83xQ2m), 16 letters that form no words, or a
// word with digits and punctuation (Xk#9!pQ2). It is for values whose name says what
// they are; isRandom is for those whose name does not.
func isGenerated(v string) bool {
	if len(v) < 8 || len(v) > 4096 || strings.ContainsAny(v, " \t\n") {
		return false
	}
	return hasGeneratedPart(v) || isDecorated(v)
}

// hasGeneratedPart tells whether a run of letters and digits in v looks generated.
func hasGeneratedPart(v string) bool {
	start := 0
	for i := 0; i <= len(v); i++ {
		if i < len(v) && isAlphanumeric(v[i]) {
			continue
		}
		if isGeneratedPart(v[start:i]) {
			return true
		}
		start = i + 1
	}
	return false
}

func isAlphanumeric(b byte) bool { return isUpper(b) || isLower(b) || isDigit(b) }
func isDigit(b byte) bool        { return b >= '0' && b <= '9' }

// isGeneratedPart judges one run of letters and digits.
func isGeneratedPart(v string) bool {
	if len(v) < 8 {
		return false
	}
	switches := 0 // from letter to digit or back
	for i := 1; i < len(v); i++ {
		if isDigit(v[i]) != isDigit(v[i-1]) {
			switches++
		}
	}
	switch {
	case switches == 0:
		return len(v) >= 16 && !isDigit(v[0]) && !isWordy(v)
	case switches >= 3 && switches >= len(v)/4:
		return !allWordy(v) || switches >= len(v)/2
	case isMixed(v):
		return !allWordy(v)
	}
	return switches >= 2 && len(v) >= 10 && !allWordy(v)
}

// allWordy tells whether each run of three or more letters in v reads like words, and
// there is one.
func allWordy(v string) bool {
	found := false
	for start := 0; start < len(v); {
		if isDigit(v[start]) {
			start++
			continue
		}
		end := start
		for end < len(v) && !isDigit(v[end]) {
			end++
		}
		switch run := v[start:end]; {
		case len(run) >= 3 && !isWordy(run):
			return false
		case len(run) >= 3:
			found = true
		}
		start = end
	}
	return found
}

// isWordy tells whether a run of letters can be words: in camel case or one case, and
// with the pairs of letters that words have.
func isWordy(letters string) bool {
	if len(letters) > 3 && caseChanges(letters) > len(letters)/3 {
		return false
	}
	lower := strings.ToLower(letters)
	common := 0
	for i := 1; i < len(lower); i++ {
		if strings.IndexByte(follows[(lower[i-1]-'a')%26], lower[i]) >= 0 {
			common++
		}
	}
	return common*100 >= 65*(len(lower)-1)
}

// caseChanges counts where a lower-case letter is followed by an upper-case one.
func caseChanges(v string) int {
	n := 0
	for i := 1; i < len(v); i++ {
		if isUpper(v[i]) && isLower(v[i-1]) {
			n++
		}
	}
	return n
}

// follows are, for each letter, those that often come after it in English and in the
// names of programs.
//
//nolint:gochecknoglobals // a table, never written
var follows = [26]string{
	"bcdfgiklmnprstuvxy", "aeilorsuy", "aehikloprtu", "abdeimorsuvy", "acdefgilmnopqrstvwxy", "aefilorstu", "aeghilnorsu", "aeiortuy",
	"acdefgklmnopqrstvz", "aeosu", "aeinrsuw", "abcdefiklmoptuvy", "abemnopsuy", "acdefgiknosstuvyx", "abcdfgijklmnoprstuvwxy", "aehiloprstu",
	"lu", "abcdegiklmnopqrstuvy", "acehiklmnopqrstuwy", "acehilmoprstuwy", "abcdegilmnprstvx", "aeiop", "aehinors", "aceipty", "aelmoprst", "aeioz",
}

// isDecorated tells whether v has letters, digits and the punctuation that people put
// into passwords and programs do not put into names and addresses.
func isDecorated(v string) bool {
	return strings.ContainsAny(v, "!#$^*~") && strings.ContainsAny(v, "0123456789") &&
		strings.ContainsFunc(v, func(r rune) bool { return r|0x20 >= 'a' && r|0x20 <= 'z' }) && !isGiven(v) && !strings.ContainsAny(v, "/:?=")
}
