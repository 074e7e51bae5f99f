package plugin

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/docker-secrets/docker-secrets/plugin/screen"
)

// details prints what the report only counts: every place of every secret, and every
// finding in its own words.
func (p printer) details() {
	for _, s := range p.r.Secrets {
		p.s.Print(2, screen.Span{Text: s.Name, Style: screen.Bold}, screen.Span{Text: "  " + strings.Join(s.places(), " and "), Style: screen.Dim})
		for _, v := range p.r.Variables {
			if v.Secret == s.Name {
				p.s.Print(4, screen.Span{Text: fmt.Sprintf("  %s.%s  %s  ", v.Service, v.Variable, v.Delivery)}, screen.Span{Text: "/run/secrets/" + v.Target, Style: screen.Dim})
			}
		}
	}
	if len(p.r.Secrets) > 0 {
		p.s.Blank()
	}
	for _, f := range p.r.Findings {
		p.finding(f)
	}
	if len(p.r.Findings) > 0 {
		p.s.Blank()
	}
}

// finding prints one in its own words.
func (p printer) finding(f finding) {
	where := cmp.Or(f.Path, f.Subject)
	if where != "" {
		where += ": "
	}
	text := f.Message
	if f.Fix != "" {
		text += "; " + f.Fix
	}
	p.s.Print(labelWidth, screen.Span{Text: fmt.Sprintf("%-*s", labelWidth, f.Severity), Style: f.Severity.style()},
		screen.Span{Text: where, Style: screen.Dim}, screen.Span{Text: joined(text)})
}
