package plugin

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/docker-secrets/docker-secrets/plugin/screen"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform"
)

// secretRow is one secret in the report, in short forms.
type secretRow struct {
	name     string
	services []string
	delivery string
	from     string
}

// manyRows is from how many secrets on several share a line.
const manyRows = 16

// secrets prints a row a secret, or, if there are many, those of one delivery and place
// together.
func (p printer) secrets() {
	rows := p.secretRows()
	switch {
	case len(rows) == 0:
		return
	case len(rows) < manyRows:
		p.s.Table([]screen.Column{{Head: "SECRET"}, {Head: "SERVICES"}, {Head: "DELIVERY"}, {Head: "FROM", Style: screen.Dim}}, p.cells(rows))
	default:
		p.packed(rows)
	}
	p.s.Blank()
}

// packed prints the rows without columns: those of one delivery and place in a paragraph,
// and at its end those that fewer than three share.
func (p printer) packed(rows []secretRow) {
	groups := map[string][]secretRow{}
	key := func(r secretRow) string { return r.delivery + "\x00" + r.from }
	for i, row := range rows {
		if strings.Contains(row.delivery, "+") {
			rows[i].delivery = "mixed"
		}
		groups[key(rows[i])] = append(groups[key(rows[i])], rows[i])
	}
	var alone []string
	for _, row := range rows {
		same := groups[key(row)]
		switch {
		case len(same) < 3:
			alone = append(alone, fmt.Sprintf("%s (%s, %s, from %s)", row.name, fitted(row.services, 16), row.delivery, row.from))
		case same[0].name == row.name:
			p.paragraph(same)
		}
	}
	if len(alone) > 0 {
		p.s.Print(2, screen.Span{Text: strings.Join(alone, ", ")})
	}
}

// paragraph prints rows of one delivery and place, which it says once.
func (p printer) paragraph(same []secretRow) {
	var names []string
	first := same[0]
	services := strings.Join(first.services, ", ")
	isCommon := !slices.ContainsFunc(same, func(r secretRow) bool { return strings.Join(r.services, ", ") != services })
	for _, r := range same {
		if !isCommon {
			r.name += " (" + fitted(r.services, 16) + ")"
		}
		names = append(names, r.name)
	}
	head := first.delivery + ", from " + first.from
	if isCommon {
		head += ", all in " + fitted(first.services, 40)
	}
	p.s.Print(2, screen.Span{Text: head + ": ", Style: screen.Dim}, screen.Span{Text: strings.Join(names, ", ")})
}

func (p printer) secretRows() []secretRow {
	var rows []secretRow
	ways := p.ways()
	for _, secret := range p.r.Secrets {
		row := secretRow{name: secret.Name, services: secret.Services, from: "-"}
		if places := secret.places(); len(places) > 0 {
			row.from = shortPlace(secret.Name, places[0])
			if len(places) > 1 {
				row.from += fmt.Sprintf(" +%d", len(places)-1)
			}
		}
		row.delivery = cmp.Or(strings.Join(ways[secret.Name], "+"), "-")
		rows = append(rows, row)
	}
	return rows
}

// ways are the deliveries of each secret, in the order of the variables.
func (p printer) ways() map[string][]string {
	ways := map[string][]string{}
	for _, v := range p.r.Variables {
		if v.Delivery == "" {
			continue
		}
		for _, name := range []string{v.Secret, v.Target} {
			ways[name] = withName(ways[name], string(v.Delivery))
		}
	}
	return ways
}

// cells returns the rows' texts. As many services are named as there is room for.
func (p printer) cells(rows []secretRow) [][]string {
	widest := func(text func(secretRow) string) int {
		n := 0
		for _, row := range rows {
			n = max(n, utf8.RuneCountInString(text(row)))
		}
		return n
	}
	room := p.s.Width() - 6 - max(6, widest(func(r secretRow) string { return r.name })) -
		max(8, widest(func(r secretRow) string { return r.delivery })) - max(4, widest(func(r secretRow) string { return r.from }))
	var cells [][]string
	for _, row := range rows {
		cells = append(cells, []string{row.name, fitted(row.services, max(room, 12)), row.delivery, row.from})
	}
	return cells
}

// shortPlace is a reference in few words: the env file, the Compose file, the variable.
// What the reference says beyond the secret's own name stays.
func shortPlace(name, reference string) string {
	ref, err := secret.ParseReference(reference)
	if err != nil {
		return reference
	}
	own := func(variable string) bool { return transform.SecretName(variable) == name }
	switch ref.Scheme {
	case "env":
		if own(ref.Path) {
			return "environment"
		}
		return "$" + ref.Path
	case "dotenv":
		if own(ref.Fragment) {
			return shortPath(ref.Path)
		}
		return shortPath(ref.Path) + "#" + ref.Fragment
	case "compose", "file":
		return shortPath(ref.Path)
	}
	return reference
}

// shortPath is a path, or its last part if it is long.
func shortPath(text string) string {
	const long = 20
	if len(text) > long && path.Base(text) != text {
		return "…/" + path.Base(text)
	}
	return text
}

// places returns where the stack file takes the value of a secret from.
func (s secretReport) places() []string {
	if len(s.XFrom) > 0 {
		return s.XFrom
	}
	return s.From
}
