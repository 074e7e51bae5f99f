package plugin

import (
	"fmt"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/plugin/screen"
)

const (
	fewAlike = 3  // from how many rows on they are a paragraph
	namesAll = 40 // up to how many secrets the services of each are named
	shortWho = 16 // columns for the services of a secret in a paragraph
)

// packed prints the rows without columns: a paragraph for those of one delivery and place,
// then for those of one delivery, and at the end those that fewer than three share.
func (p printer) packed(rows []secretRow) {
	if len(rows) > namesAll {
		for i := range rows {
			rows[i].services = nil
		}
	}
	for i, row := range rows {
		if strings.Contains(row.delivery, "+") {
			rows[i].delivery = "mixed"
		}
	}
	rows = p.paragraphs(rows, func(r secretRow) string { return r.delivery + ", from " + r.from }, func(secretRow) []string { return nil })
	rows = p.paragraphs(rows, func(r secretRow) string { return r.delivery }, func(r secretRow) []string { return []string{"from " + r.from} })
	var alone []string
	for _, row := range rows {
		about := []string{row.delivery, "from " + row.from}
		if row.delivery == noDelivery {
			about = about[1:]
		}
		alone = append(alone, row.packed(row.services, about))
	}
	if len(alone) > 0 {
		p.s.Print(2, screen.Span{Text: strings.Join(alone, ", ")})
	}
}

// paragraphs prints those rows together that share a head with at least two others, and
// returns the rest. about is what else is said of each.
func (p printer) paragraphs(rows []secretRow, head func(secretRow) string, about func(secretRow) []string) (rest []secretRow) {
	groups := map[string][]secretRow{}
	for _, row := range rows {
		groups[head(row)] = append(groups[head(row)], row)
	}
	for _, row := range rows {
		same := groups[head(row)]
		switch {
		case len(same) < fewAlike || row.delivery == noDelivery:
			rest = append(rest, row)
		case same[0].name == row.name:
			p.paragraph(head(row), same, about)
		}
	}
	return rest
}

// paragraph prints same below head, which has the services too if all have the same.
func (p printer) paragraph(head string, same []secretRow, about func(secretRow) []string) {
	var names []string
	common := same[0].services
	isCommon := !slices.ContainsFunc(same, func(r secretRow) bool { return !slices.Equal(r.services, common) })
	for _, r := range same {
		services := r.services
		if isCommon {
			services = nil
		}
		names = append(names, r.packed(services, about(r)))
	}
	if isCommon && len(common) > 0 {
		head += ", all in " + fitted(common, 40)
	}
	p.s.Print(2, screen.Span{Text: head + ": ", Style: screen.Dim}, screen.Span{Text: strings.Join(names, ", ")})
}

// packed is the row's name with its services, and what else is to be said, in brackets.
func (r secretRow) packed(services, about []string) string {
	if len(services) > 0 {
		about = append([]string{fitted(services, shortWho)}, about...)
	}
	if len(about) == 0 {
		return r.name
	}
	return fmt.Sprintf("%s (%s)", r.name, strings.Join(about, ", "))
}
