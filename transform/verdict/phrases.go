package verdict

import (
	"slices"
	"strings"
	"sync"
)

// phrases are sequences of words to find in a name:
//
//	api key     at its end, with or without modifiers after it
//	^vite       at its start
//	~passphrase anywhere
type phrases struct {
	read     sync.Once // at the first match: docker starts its plugins often, and mostly for their names
	lines    []string
	ends     map[string][][]string // by last word
	starts   map[string][][]string // by first word
	anywhere map[string][][]string // by first word
}

// newPhrases returns the phrases of lines, in which commas separate them.
func newPhrases(lines ...string) *phrases { return &phrases{lines: lines} }

func (p *phrases) readLines() {
	p.ends, p.starts, p.anywhere = map[string][][]string{}, map[string][][]string{}, map[string][][]string{}
	for _, line := range p.lines {
		for text := range strings.SplitSeq(line, ",") {
			p.add(strings.TrimSpace(text))
		}
	}
}

func (p *phrases) add(text string) {
	if text == "" {
		return
	}
	words := strings.Fields(strings.TrimLeft(text, "^~"))
	first, last := words[0], words[len(words)-1]
	switch text[0] {
	case '^':
		p.starts[first] = append(p.starts[first], words)
	case '~':
		p.anywhere[first] = append(p.anywhere[first], words)
	default:
		p.ends[last] = append(p.ends[last], words)
	}
}

// match reports whether the name of s has one of the phrases.
func (p *phrases) match(s *subject) bool {
	p.read.Do(p.readLines)
	if len(s.words) == 0 {
		return false
	}
	if len(p.ends) > 0 && (p.matchEnd(s.words) || len(s.stem) < len(s.words) && p.matchEnd(s.stem)) {
		return true
	}
	for _, phrase := range p.starts[s.words[0]] {
		if hasPrefix(s.words, phrase) {
			return true
		}
	}
	return len(p.anywhere) > 0 && p.matchAnywhere(s.words)
}

func (p *phrases) matchEnd(words []string) bool {
	for _, phrase := range p.ends[words[len(words)-1]] {
		if n := len(words) - len(phrase); n >= 0 && slices.Equal(words[n:], phrase) {
			return true
		}
	}
	return false
}

func (p *phrases) matchAnywhere(words []string) bool {
	for i, word := range words {
		for _, phrase := range p.anywhere[word] {
			if hasPrefix(words[i:], phrase) {
				return true
			}
		}
	}
	return false
}

func hasPrefix(words, phrase []string) bool {
	return len(words) >= len(phrase) && slices.Equal(words[:len(phrase)], phrase)
}
