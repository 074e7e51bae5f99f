package shell

import (
	"strings"

	"github.com/docker-secrets/docker-secrets/transform/seal"
)

type hereDocument struct {
	end    string
	quoted bool
	tabs   bool // <<- takes tabs off
}

// endFollows reports whether "<<" begins a here-document: in arithmetic a number follows,
// ((1<<2)).
func (s *scanner) endFollows() bool {
	rest := strings.TrimLeft(s.text[s.pos+2:], " \t-")
	return rest != "" && (rest[0] < '0' || rest[0] > '9') && !strings.HasPrefix(rest, seal.Open)
}

// hereBegins notes a here-document, whose text follows the line.
func (s *scanner) hereBegins() {
	s.take(2, blank)
	here := hereDocument{tabs: s.sees("-")}
	if here.tabs {
		s.take(1, blank)
	}
	here.end, here.quoted = hereEnd(strings.TrimLeft(s.text[s.pos:], " \t"))
	if here.end != "" || here.quoted {
		s.begun = append(s.begun, here)
	}
}

// hereEnd returns the word that text begins with, and whether any of it is quoted.
func hereEnd(text string) (end string, quoted bool) {
	text, _, _ = strings.Cut(text, seal.Open)
	var word strings.Builder
	var quote byte
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quote == 0 && strings.IndexByte(" \t\n;&|()<>", c) >= 0:
			return word.String(), quoted
		case c == quote:
			quote = 0
		case quote == 0 && (c == '\'' || c == '"'):
			quote, quoted = c, true
		case quote == 0 && c == '\\':
			quoted = true
		default:
			word.WriteByte(c)
		}
	}
	return word.String(), quoted
}

// hereDocuments reads the texts of the here-documents begun on the line before.
func (s *scanner) hereDocuments() {
	begun := s.begun
	s.begun = nil
	for _, here := range begun {
		end, next := here.find(s.text, s.pos)
		in := s.here
		if here.quoted && in == hereText {
			in = quotedHere
		}
		body := scanner{text: s.text[:end], pos: s.pos, starts: s.starts, here: s.here, emit: s.emit}
		body.run(in)
		s.pos = next
		s.take(0, separator)
	}
}

// find returns where in text the document that begins at from ends, and where the line
// after its end begins.
func (h hereDocument) find(text string, from int) (end, next int) {
	for end = from; end < len(text); end = next {
		line, _, found := strings.Cut(text[end:], "\n")
		next = end + len(line)
		if found {
			next++
		}
		if h.tabs {
			line = strings.TrimLeft(line, "\t")
		}
		if line == h.end {
			return end, next
		}
	}
	return len(text), len(text)
}
