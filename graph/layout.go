package graph

import (
	"cmp"
	"slices"
)

// Sizes of the picture, in pixels.
const (
	rowHeight   = 30
	boxHeight   = 24
	letter      = 7 // of a monospaced font of 12 pixels, rounded up
	padding     = 10
	gap         = 110 // between columns, for the lines
	margin      = 20
	head        = 70 // the title and the columns' names
	longest     = 38 // letters of a name; a longer one is cut, and whole in the tooltip
	badgeGap    = 5  // between the name and a mark
	badgeLetter = 6  // of a font of 10 pixels
)

// box is a node and where it is.
type box struct {
	node

	x, y, width int
	text        string // the name as it is shown
}

// picture is a laid out drawing.
type picture struct {
	boxes         []box
	edges         []edge
	columns       []heading
	width, height int
}

// heading is the name of a column and where it is.
type heading struct {
	text string
	x    int
}

// lay places the boxes: a column each for sources, secrets and services, in an order in
// which few lines cross.
func (d *drawing) lay() picture {
	order := d.order()
	p := picture{boxes: make([]box, len(d.nodes)), edges: d.edges}
	rows := 0
	for _, c := range order {
		rows = max(rows, len(c))
	}
	x := margin
	for i, c := range order {
		width := len("services") * letter
		for _, n := range c {
			p.boxes[n] = newBox(d.nodes[n])
			width = max(width, p.boxes[n].width)
		}
		top := head + (rows-len(c))*rowHeight/2
		for row, n := range c {
			p.boxes[n].x, p.boxes[n].y, p.boxes[n].width = x, top+row*rowHeight, width
		}
		p.columns = append(p.columns, heading{[]string{"sources", "secrets", "services"}[i], x})
		x += width + gap
	}
	p.width, p.height = x-gap+margin, head+rows*rowHeight+margin
	return p
}

func newBox(n node) box {
	b := box{node: n, text: cut(n.shown())}
	b.width = 2*padding + len([]rune(b.text))*letter
	for _, mark := range n.marks {
		b.width += badgeGap + badge(mark)
	}
	return b
}

// badge is the width of a mark.
func badge(mark Mark) int { return len(mark)*badgeLetter + padding }

// shown is the name with the version, if that says more.
func (n node) shown() string {
	if n.detail == "" {
		return n.name
	}
	return n.name + " (" + n.detail + ")"
}

func cut(text string) string {
	letters := []rune(text)
	if len(letters) <= longest {
		return text
	}
	return string(letters[:longest/2]) + "…" + string(letters[len(letters)-longest/2+1:])
}

// order returns the nodes of each column from top to bottom. Each column is sorted by the
// middle of what its nodes are joined with, a few times, from both sides.
func (d *drawing) order() [][]int {
	columns := make([][]int, 3)
	place := make([]float64, len(d.nodes))
	at := map[column]int{sourceColumn: 0, secretColumn: 1, serviceColumn: 2}
	for i, n := range d.nodes {
		c := at[n.column]
		place[i] = float64(len(columns[c]))
		columns[c] = append(columns[c], i)
	}
	for range 4 {
		for _, c := range []int{1, 2, 1, 0} {
			d.sort(columns[c], place)
		}
	}
	return columns
}

func (d *drawing) sort(nodes []int, place []float64) {
	middle := map[int]float64{}
	for _, n := range nodes {
		sum, count := 0.0, 0
		for _, e := range d.edges {
			switch n {
			case e.from:
				sum, count = sum+place[e.to], count+1
			case e.to:
				sum, count = sum+place[e.from], count+1
			}
		}
		if middle[n] = place[n]; count > 0 {
			middle[n] = sum / float64(count)
		}
	}
	slices.SortStableFunc(nodes, func(a, b int) int {
		return cmp.Or(cmp.Compare(middle[a], middle[b]), cmp.Compare(d.nodes[a].name, d.nodes[b].name))
	})
	for i, n := range nodes {
		place[n] = float64(i)
	}
}
