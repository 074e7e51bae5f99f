package expression

// Piece is a stretch of an evaluated template. The texts of all pieces, one behind the
// other, are the template's value.
type Piece struct {
	Text     string
	Variable string // whose value Text is; "" for text that people wrote
	Unset    bool   // Variable is not set, and Text is empty for that
	Default  string // the variable whose default Text is, the outermost of several; "" for other text
}

// Pieces evaluates parts as Expand does and returns what came from where: of
// ${A:-${B}} with A not set, B. The error is that of Expand.
func Pieces(parts []Part, value Lookup) ([]Piece, error) {
	var all []Piece
	for _, p := range parts {
		if p.Name == "" {
			all = append(all, Piece{Text: p.Text})
			continue
		}
		of, err := piecesOf(p, value)
		if err != nil {
			return nil, err
		}
		all = append(all, of...)
	}
	return all, nil
}

func piecesOf(p Part, value Lookup) ([]Piece, error) {
	inner, word := []Piece(nil), false
	text, err := expandOne(p, value, func(q Part, text string, fromWord bool) string {
		word = fromWord // of the outermost, which is told last
		return text
	})
	if err != nil {
		return nil, err
	}
	if !word {
		_, set := value(p.Name)
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
		for i, piece := range inner {
			if piece.Variable == "" {
				inner[i].Default = p.Name
			}
		}
	}
	return inner, nil
}
