package editor

import "strings"

// generator writes YAML as odd as people can make it. Each byte of choices decides one
// thing; when none is left, the plainest form is taken.
type generator struct {
	choices []byte
	text    strings.Builder
	anchors []string
}

// keys are what the mappings of each depth may have.
var keys = [][]string{
	{"secrets", "x-docker-secrets", "services", "x-a"},
	{"one", "secret", "plain", "delivery", "two"},
	{"external", "name", "x-template", "x-from", "labels"},
	{"a", "name"},
}

// generate is a document, or several, made by choices.
func generate(choices []byte) []byte {
	g := generator{choices: choices}
	form := g.pick(8)
	if g.oneIn(8) {
		g.text.WriteString("# head\n\n")
	}
	if g.oneIn(10) {
		g.text.WriteString("---\n")
	}
	g.mapping(0, g.pick(2)*2)
	if g.oneIn(12) {
		g.text.WriteString("---\nsecrets: {}\n")
	}
	text := g.text.String()
	if form&1 != 0 {
		text = strings.TrimSuffix(text, "\n")
	}
	if form&6 == 2 {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	if form&6 == 4 && g.oneIn(4) {
		text = byteOrderMark + text
	}
	return []byte(text)
}

// pick is a number below n.
func (g *generator) pick(n int) int {
	if len(g.choices) == 0 {
		return 0
	}
	choice := int(g.choices[0])
	g.choices = g.choices[1:]
	return choice % n
}

func (g *generator) oneIn(n int) bool { return g.pick(n) == n-1 }

func (g *generator) line(indent int, text string) {
	g.text.WriteString(strings.Repeat(" ", indent) + text + "\n")
}

// mapping writes a block mapping on lines of its own.
func (g *generator) mapping(depth, indent int) {
	names := keys[min(depth, len(keys)-1)]
	first := g.pick(len(names))
	for i := range 1 + g.pick(len(names)) {
		g.noise(indent)
		g.text.WriteString(strings.Repeat(" ", indent))
		g.key(names[(first+i)%len(names)], indent)
		g.value(depth, indent)
	}
	g.noise(indent)
}

func (g *generator) noise(indent int) {
	switch g.pick(12) {
	case 9:
		g.line(indent, "# a comment")
	case 10:
		g.line(0, "")
	case 11:
		g.line(0, "")
		g.line(indent, "# one alone")
		g.line(0, "")
	}
}

// key writes name and what follows it up to the value.
func (g *generator) key(name string, indent int) {
	switch g.pick(14) {
	case 8:
		name = `"` + name + `"`
	case 9:
		name = "'" + name + "'"
	case 10:
		name = "!!str " + name
	case 11:
		name = "&k " + name
		g.anchors = append(g.anchors, "k")
	case 12:
		name = "? " + name + "\n" + strings.Repeat(" ", indent)
	case 13:
		name = []string{"<<", "\"a b\"", "é", name + " "}[g.pick(4)]
	}
	g.text.WriteString(name + ":")
}

// value writes what follows a key at indent, with the end of its line.
func (g *generator) value(depth, indent int) {
	g.text.WriteString(g.properties())
	nested := depth < 3 && (depth < 2 || g.oneIn(4))
	if nested && g.pick(8) < 6 {
		g.text.WriteString(g.beside() + "\n")
		g.mapping(depth+1, indent+1+g.pick(3))
		return
	}
	deeper := strings.Repeat(" ", indent+2)
	forms := []string{
		" true", " one_v1", " 'one'", ` "on\te"`, "", " ~", " [a, 'b']", " {a: b, 'c': d}", " []",
		" |\n" + deeper + "name: x\n" + deeper + "# no comment", " >-\n" + deeper + "a\n\n" + deeper + "b", " |+\n" + deeper + "a\n\n",
		"\n" + deeper + "- D\n" + deeper + "- 'E'", "\n" + deeper[2:] + "- D # c\n" + deeper[2:] + "- E", "\n" + deeper + "split", " a\n" + deeper + "b",
		" 'a\n\n" + deeper + "b'", " [\n" + deeper + "D,\n" + deeper + "]", " [{a: b}, c: ]", " é", " # c\n" + deeper + "x",
	}
	if len(g.anchors) > 0 {
		forms = append(forms, " *"+g.anchors[0], " *"+g.anchors[len(g.anchors)-1])
	}
	form := forms[g.pick(len(forms))]
	g.text.WriteString(form)
	if !strings.Contains(form, "\n") {
		g.text.WriteString(g.beside())
	}
	g.text.WriteString("\n")
}

// properties are an anchor, a tag, both or none.
func (g *generator) properties() string {
	switch g.pick(16) {
	case 13:
		name := string(rune('p' + len(g.anchors)%4))
		g.anchors = append(g.anchors, name)
		return " &" + name
	case 14:
		return []string{" !!str", " !!map", " !!seq", " !override"}[g.pick(4)]
	case 15:
		g.anchors = append(g.anchors, "t")
		return " !!str &t"
	}
	return ""
}

// beside is a comment at the end of a line, or none.
func (g *generator) beside() string {
	if g.oneIn(6) {
		return " # beside"
	}
	return ""
}
