package plugin

import (
	"cmp"
	"fmt"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/docker-secrets/docker-secrets/plugin/screen"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform"
)

// noDelivery is in the place of a delivery where no variable of a service has the secret.
const noDelivery = "-"

// secretRow is one secret in the report, in short forms.
type secretRow struct {
	name     string
	services []string
	delivery string
	from     string
}

const (
	manyRows    = 16 // from how many secrets on several share a line
	minServices = 15 // columns for the services of a row
	minName     = 12 // and for its name
	fewRows     = 6  // up to how many secrets each has a row, however long the names
)

// secrets prints a row a secret, or, if there are many or they do not fit into a table,
// those of one delivery and place together.
func (p printer) secrets() {
	rows := p.secretRows()
	if len(rows) == 0 {
		return
	}
	if room, fits := p.roomForNames(rows); fits {
		p.s.Table([]screen.Column{{Head: "SECRET", Max: room}, {Head: "SERVICES"}, {Head: "DELIVERY"}, {Head: "FROM", Style: screen.Dim}}, p.cells(rows, room))
	} else {
		p.packed(rows)
	}
	p.s.Blank()
}

// widest returns how many columns the widest text of rows has, or head.
func widest(rows []secretRow, head string, text func(secretRow) string) int {
	n := len(head)
	for _, row := range rows {
		n = max(n, utf8.RuneCountInString(text(row)))
	}
	return n
}

// roomForNames returns how wide a name may be in the table of rows, and whether such a
// table is worth it: a name that is wider has a line of its own, since one that is broken
// cannot be copied.
func (p printer) roomForNames(rows []secretRow) (room int, fits bool) {
	services := widest(rows, "SERVICES", func(r secretRow) string { return fitted(r.services, minServices) })
	room = p.roomBeside(rows) - services
	long := 0
	for _, row := range rows {
		if utf8.RuneCountInString(row.name) > room {
			long++
		}
	}
	return room, len(rows) < manyRows && room >= minName && (3*long <= len(rows) || len(rows) <= fewRows)
}

// roomBeside returns how many columns are left beside deliveries and places.
func (p printer) roomBeside(rows []secretRow) int {
	return p.s.Width() - 6 - widest(rows, "DELIVERY", func(r secretRow) string { return r.delivery }) - widest(rows, "FROM", func(r secretRow) string { return r.from })
}

// cells returns the rows' texts. As many services are named as there is room for beside
// names of up to room columns.
func (p printer) cells(rows []secretRow, room int) [][]string {
	names := widest(rows, "SECRET", func(r secretRow) string {
		if utf8.RuneCountInString(r.name) > room {
			return ""
		}
		return r.name
	})
	var cells [][]string
	for _, row := range rows {
		cells = append(cells, []string{row.name, fitted(row.services, p.roomBeside(rows)-names), row.delivery, row.from})
	}
	return cells
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
		row.delivery = cmp.Or(strings.Join(ways[secret.Name], "+"), noDelivery)
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
