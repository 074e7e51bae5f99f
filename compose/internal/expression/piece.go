package expression

import "strings"

// Piece is a stretch of an evaluated template. The texts of all pieces, one behind the
// other, are the template's value.
type Piece struct {
	Text     string
	Variable string // whose value Text is; "" for text that people wrote
	Unset    bool   // Variable is not set, and Text is empty for that
	Lost     bool   // a "$" with letters behind it that name no variable: they may be half of a password
	Default  string // the variable whose default Text is, the outermost of several; "" for other text
}

// Pieces evaluates parts as Expand does and returns what came from where: of
// ${A:-${B}} with A not set, B. The error is that of Expand.
//
// What follows a "$" without braces and is not set is only a variable if it is all of
// the text and in capitals: in pa$word it is not.
func Pieces(parts []Part, value Lookup) ([]Piece, error) {
	var all []Piece
	size := 0
	for _, p := range parts {
		if p.Name == "" {
			all = append(all, Piece{Text: p.Text})
			continue
		}
		of, err := piecesOf(p, value)
		if err != nil {
			return nil, err
		}
		if len(parts) > 1 && len(of) == 1 && of[0].Unset && p.Bare {
			of = []Piece{{Lost: true}}
		}
		for _, piece := range of {
			size += len(piece.Text)
		}
		if size > maxText {
			return nil, ErrLong
		}
		all = append(all, of...)
	}
	return all, nil
}

// isUpper tells whether name is written as variables are: in capitals.
func isUpper(name string) bool { return name == strings.ToUpper(name) }

func piecesOf(p Part, value Lookup) ([]Piece, error) {
	inner, word := []Piece(nil), false
	text, err := expandOne(p, value, func(_ Part, text string, fromWord bool) string {
		word = fromWord // of the outermost, which is told last
		return text
	})
	if err != nil {
		return nil, err
	}
	if !word {
		_, set := value(p.Name)
		if !set && p.Bare && !isUpper(p.Name) {
			return []Piece{{Lost: true}}, nil
		}
		return []Piece{{Text: text, Variable: p.Name, Unset: !set && p.Op == ""}}, nil
	}
	parts, err := Parse(p.Word)
	if err != nil {
		return nil, err
	}
	if inner, err = Pieces(parts, value); err != nil {
		return nil, err
	}
	if p.Op == "-" || p.Op == ":-" {
		nameDefaults(inner, p.Name)
	}
	return inner, nil
}

// nameDefaults says of the text in pieces, which people wrote, that it is a default of
// the variable called name.
func nameDefaults(pieces []Piece, name string) {
	for i, piece := range pieces {
		if piece.Variable == "" {
			pieces[i].Default = name
		}
	}
}
