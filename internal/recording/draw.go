package main

import (
	"bytes"
	"fmt"
	"html"
	"strings"
	"unicode/utf8"
)

// Sizes in pixels, and times in seconds.
const (
	fontSize   = 14
	charWidth  = 8.43 // of a character in most monospaced fonts at fontSize
	lineHeight = 19
	margin     = 16
	bar        = 30  // the title bar
	typing     = 1.2 // from a prompt to its first line of output
	pace       = 0.12
	rest       = 6 // before it starts again
)

// draw returns the picture of a session. A line that begins with "$ " is typed; the lines
// below it are its output. The same session gives the same bytes.
func draw(session string) []byte {
	lines := strings.Split(strings.TrimRight(session, "\n"), "\n")
	columns := 80
	for _, line := range lines {
		columns = max(columns, utf8.RuneCountInString(line))
	}
	times, end := schedule(lines)
	width := 2*margin + int(float64(columns)*charWidth)
	height := bar + 2*margin + len(lines)*lineHeight
	var picture bytes.Buffer
	fmt.Fprintf(&picture, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img" aria-label="docker secrets in a terminal">`+"\n", width, height, width, height)
	writeStyle(&picture, times, end)
	fmt.Fprintf(&picture, `<rect width="%d" height="%d" rx="8" fill="#0d1117"/>`+"\n", width, height)
	for i, colour := range []string{"#ff5f57", "#febc2e", "#28c840"} {
		fmt.Fprintf(&picture, `<circle cx="%d" cy="16" r="6" fill="%s"/>`+"\n", margin+6+i*20, colour)
	}
	for i, line := range lines {
		y := bar + margin + i*lineHeight + fontSize
		fmt.Fprintf(&picture, `<text class="l%d" x="%d" y="%d">%s</text>`+"\n", i, margin, y, marked(line))
	}
	picture.WriteString("</svg>\n")
	return picture.Bytes()
}

// schedule returns when each line appears, and when the picture starts again.
func schedule(lines []string) (times []float64, end float64) {
	now := 0.3
	for i, line := range lines {
		if i > 0 && strings.HasPrefix(line, "$ ") {
			now += typing
		}
		times = append(times, now)
		now += pace
		if strings.HasPrefix(line, "$ ") {
			now += typing / 2
		}
	}
	return times, now + rest
}

// writeStyle writes a rule for each line: it shows from its time on. Who wants no motion
// sees all lines.
func writeStyle(picture *bytes.Buffer, times []float64, end float64) {
	picture.WriteString("<style>\n")
	fmt.Fprintf(picture, "text { font: %dpx ui-monospace, SFMono-Regular, Menlo, Consolas, \"DejaVu Sans Mono\", monospace; fill: #c9d1d9; white-space: pre }\n", fontSize)
	picture.WriteString(".p { fill: #7ee787 } .c { fill: #ffffff; font-weight: bold } .d { fill: #8b949e }\n")
	picture.WriteString("@media (prefers-reduced-motion: no-preference) {\n")
	for i, at := range times {
		share := 100 * at / end
		fmt.Fprintf(picture, "@keyframes k%d { 0%%, %.2f%% { opacity: 0 } %.2f%%, 100%% { opacity: 1 } }\n", i, share, share+0.01)
		fmt.Fprintf(picture, ".l%d { animation: k%d %.1fs infinite }\n", i, i, end)
	}
	picture.WriteString("}\n</style>\n")
}

// marked returns a line as SVG text: the prompt green, the command bold, comments dim.
func marked(line string) string {
	if command, ok := strings.CutPrefix(line, "$ "); ok {
		return `<tspan class="p">$ </tspan><tspan class="c">` + html.EscapeString(command) + `</tspan>`
	}
	if strings.HasPrefix(line, "#") {
		return `<tspan class="d">` + html.EscapeString(line) + `</tspan>`
	}
	return html.EscapeString(line)
}
