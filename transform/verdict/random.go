package verdict

import "strings"

// isGenerated reports whether a part of v looks made by a machine, or chosen to be hard
// to guess: letters and digits in turn (Kd83xQ2m), 16 letters that form no words, or a
// word with digits and punctuation (Xk#9!pQ2). It is for values whose name says what they
// are; isRandom is for those whose name does not.
func isGenerated(v string) bool {
	if len(v) < 8 || len(v) > 4096 || strings.ContainsAny(v, " \t\n") {
		return false
	}
	return hasGeneratedPart(v) || isDecorated(v)
}

// hasGeneratedPart reports whether a run of letters and digits in v looks generated.
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

// isGeneratedPart judges one run of letters and digits: it changes between letters and
// digits, or between cases, and its letters are no words.
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
	bothCases := strings.ToLower(v) != v && strings.ToUpper(v) != v
	switch {
	case switches == 0 && isDigit(v[0]):
		return false
	case switches >= 3 && len(v) >= 16 && hexText().MatchString(v):
		return true
	case allWordy(v):
		return switches >= 3 && switches >= len(v)/2
	case switches == 0:
		return len(v) >= 16 || bothCases && !isCapitalized(v)
	case switches == 1:
		return len(v) >= 12 || bothCases && !isCapitalized(strings.Trim(v, "0123456789"))
	}
	return true
}

// isCapitalized reports whether v has its only upper-case letter at its start.
func isCapitalized(v string) bool {
	return v != "" && isUpper(v[0]) && strings.ToLower(v[1:]) == v[1:]
}

// allWordy reports whether the letters of v, a run of letters and digits, are words: each
// group of three or more reads like words, and the rest is few.
func allWordy(v string) bool {
	words, rest := 0, 0
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
		case len(run) < 3:
			rest += len(run)
		case !isWordy(run):
			return false
		default:
			words += len(run)
		}
		start = end
	}
	return words > 0 && rest*4 <= len(v)
}

// isWordy reports whether a run of letters can be words: in camel case or one case, and
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

// caseChanges returns how often an upper-case letter follows a lower-case one.
func caseChanges(v string) int {
	n := 0
	for i := 1; i < len(v); i++ {
		if isUpper(v[i]) && isLower(v[i-1]) {
			n++
		}
	}
	return n
}

// follows has for each letter, a to z, the letters that often come after it in English
// and in the names of programs.
//
//nolint:gochecknoglobals // a table, never written
var follows = [26]string{
	"bcdfgiklmnprstuvxy", "aeilorsuy", "aehikloprtu", "abdeimorsuvy", "acdefgilmnopqrstvwxy", "aefilorstu", "aeghilnorsu", "aeiortuy",
	"acdefgklmnopqrstvz", "aeosu", "aeinrsuw", "abcdefiklmoptuvy", "abemnopsuy", "acdefgiknosstuvyx", "abcdfgijklmnoprstuvwxy", "aehiloprstu",
	"lu", "abcdegiklmnopqrstuvy", "acehiklmnopqrstuwy", "acehilmoprstuwy", "abcdegilmnprstvx", "aeiop", "aehinors", "aceipty", "aelmoprst", "aeioz",
}

// isDecorated reports whether v has letters, digits and the punctuation that people put
// into passwords and programs do not put into names and addresses; or other punctuation
// and letters that form no words.
func isDecorated(v string) bool {
	if !strings.ContainsAny(v, "!#$^*~&%+@?") || isGiven(v) || strings.ContainsAny(v, "(){}[]<>\\|\"'`") || strings.Contains(v, "://") || ordinaryText().MatchString(v) {
		return false
	}
	bare := strings.Map(func(r rune) rune {
		if r < 0x80 && isAlphanumeric(byte(r)) {
			return r
		}
		return -1
	}, v)
	if !strings.ContainsAny(bare, "0123456789") || isNumber(bare) {
		return false
	}
	return strings.ContainsAny(v, "!#$^*~") && !strings.ContainsAny(v, "/:?=") || len(bare) >= 5 && !allWordy(bare)
}
