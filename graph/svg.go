package graph

import (
	"fmt"
	"html"
	"io"
	"strings"
)

// style is for light and dark screens alike. Nothing in it is fetched.
const style = `
svg { background: #ffffff; font: 12px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.box { fill: #f6f8fa; stroke: #8c959f; }
.source .box { stroke-dasharray: 4 3; }
.service .box { fill: #ddf4ff; stroke: #54aeff; }
.name { fill: #1f2328; }
.title { font-size: 16px; font-weight: bold; fill: #1f2328; }
.head { fill: #59636e; }
.line { fill: none; stroke: #8c959f; stroke-width: 1.2; opacity: .7; }
.mark { fill: #ffffff; font-size: 10px; }
g.node:hover .box { stroke: #0969da; stroke-width: 2.5; }
.faded { opacity: .12; }
@media (prefers-color-scheme: dark) {
svg { background: #0d1117; }
.box { fill: #161b22; stroke: #6e7681; }
.service .box { fill: #121d2f; stroke: #388bfd; }
.name, .title { fill: #e6edf3; }
.head { fill: #9198a1; }
.line { stroke: #6e7681; }
}
`

// SVG writes g as a picture that browsers, and pages that show pictures, draw alone.
func SVG(w io.Writer, g Graph) error {
	_, err := io.WriteString(w, g.svg(true))
	return err
}

// svg returns the picture; whole is a file of its own.
func (g Graph) svg(whole bool) string {
	p := g.draw().lay()
	var b strings.Builder
	name := ""
	if whole {
		b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
		name = ` xmlns="http://www.w3.org/2000/svg"`
	}
	width := max(p.width, 2*margin+len([]rune(g.Title))*10)
	fmt.Fprintf(&b, `<svg%s width="%d" height="%d" viewBox="0 0 %d %d" role="img" aria-label="%s">`+"\n", name, width, p.height, width, p.height, html.EscapeString(g.Title))
	if whole {
		b.WriteString("<style>" + style + "</style>\n")
	}
	fmt.Fprintf(&b, `<text class="title" x="%d" y="28">%s</text>`+"\n", margin, html.EscapeString(g.Title))
	for _, c := range p.columns {
		fmt.Fprintf(&b, `<text class="head" x="%d" y="%d">%s</text>`+"\n", c.x, head-14, c.text)
	}
	for _, e := range p.edges {
		b.WriteString(p.line(e))
	}
	for i := range p.boxes {
		b.WriteString(p.box(i))
	}
	b.WriteString("</svg>\n")
	return b.String()
}

// line draws an edge as a curve from the right of one box to the left of the other. One
// within a column leaves and enters on the right.
func (p picture) line(e edge) string {
	from, to := p.boxes[e.from], p.boxes[e.to]
	x1, y1, x2, y2 := from.x+from.width, from.y+boxHeight/2, to.x, to.y+boxHeight/2
	bend := (x2 - x1) / 2
	end := x2 - bend
	if from.column == to.column {
		x2, bend = to.x+to.width, gap/3
		end = x2 + bend
	}
	return fmt.Sprintf(`<path class="line" data-from="%d" data-to="%d" d="M%d %d C%d %d %d %d %d %d"/>`+"\n", e.from, e.to, x1, y1, x1+bend, y1, end, y2, x2, y2)
}

func (p picture) box(i int) string {
	b := p.boxes[i]
	var s strings.Builder
	stroke := ""
	if len(b.marks) > 0 {
		stroke = fmt.Sprintf(` style="stroke:%s;stroke-width:2"`, colors[b.marks[0]])
	}
	fmt.Fprintf(&s, `<g class="node %s" data-node="%d"><title>%s</title>`, b.column, i, html.EscapeString(strings.Join(b.label(), "\n")))
	fmt.Fprintf(&s, `<rect class="box"%s x="%d" y="%d" width="%d" height="%d" rx="5"/>`, stroke, b.x, b.y, b.width, boxHeight)
	fmt.Fprintf(&s, `<text class="name" x="%d" y="%d">%s</text>`, b.x+padding, b.y+16, html.EscapeString(b.text))
	x := b.x + b.width - padding/2
	for _, mark := range b.marks {
		x -= badge(mark)
		fmt.Fprintf(&s, `<rect x="%d" y="%d" width="%d" height="14" rx="7" fill="%s"/><text class="mark" x="%d" y="%d">%s</text>`,
			x, b.y+5, badge(mark), colors[mark], x+padding/2, b.y+15, mark)
		x -= badgeGap
	}
	s.WriteString("</g>\n")
	return s.String()
}
