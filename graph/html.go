package graph

import (
	"fmt"
	"html"
	"io"
	"strings"
)

// page is what is around the picture. The script shows what belongs to the box under the
// pointer; without it, the page says the same.
const page = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>%s</title>
<style>%s
body { margin: 1.5em; font: 15px/1.5 system-ui, sans-serif; color: #1f2328; background: #ffffff; }
.picture { overflow-x: auto; }
table { border-collapse: collapse; margin-top: 1.5em; }
th, td { text-align: left; padding: .3em .9em .3em 0; border-bottom: 1px solid #d1d9e0; vertical-align: top; }
@media (prefers-color-scheme: dark) { body { color: #e6edf3; background: #0d1117; } th, td { border-color: #3d444d; } }
</style>
</head>
<body>
<div class="picture">
%s</div>
<table>
<thead><tr><th>secret</th><th>from</th><th>read by</th><th>look at</th></tr></thead>
<tbody>
%s</tbody>
</table>
<script>
const lines = [...document.querySelectorAll(".line")], nodes = [...document.querySelectorAll(".node")];
function reach(start, from, to) {
  const seen = new Set([start]), todo = [start];
  for (let n; (n = todo.pop()) !== undefined;)
    for (const l of lines) if (l.dataset[from] === n && !seen.has(l.dataset[to])) { seen.add(l.dataset[to]); todo.push(l.dataset[to]); }
  return seen;
}
for (const n of nodes) {
  n.addEventListener("mouseenter", () => {
    const on = new Set([...reach(n.dataset.node, "from", "to"), ...reach(n.dataset.node, "to", "from")]);
    for (const o of nodes) o.classList.toggle("faded", !on.has(o.dataset.node));
    for (const l of lines) l.classList.toggle("faded", !on.has(l.dataset.from) || !on.has(l.dataset.to));
  });
  n.addEventListener("mouseleave", () => { for (const o of [...nodes, ...lines]) o.classList.remove("faded"); });
}
</script>
</body>
</html>
`

// HTML writes g as one page: the picture, and a table that says the same.
func HTML(w io.Writer, g Graph) error {
	_, err := fmt.Fprintf(w, page, html.EscapeString(g.Title), style, g.svg(false), g.rows())
	return err
}

func (g Graph) rows() string {
	var b strings.Builder
	unread := map[string]bool{}
	for _, s := range g.Services {
		unread[s.Name] = len(s.Marks) > 0
	}
	for _, s := range g.Secrets {
		var services []string
		for _, name := range s.Services {
			if unread[name] {
				name += " (unread)"
			}
			services = append(services, name)
		}
		from := append(append([]string{}, s.Sources...), s.Made...)
		fmt.Fprintf(&b, "<tr><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>\n",
			html.EscapeString(node{name: s.Name, detail: versionOf(s)}.shown()), html.EscapeString(strings.Join(from, ", ")),
			html.EscapeString(strings.Join(services, ", ")), html.EscapeString(joined(s.Marks)))
	}
	return b.String()
}

// versionOf is the version on the Swarm, if that has another name.
func versionOf(s Secret) string {
	if s.Object == s.Name {
		return ""
	}
	return s.Object
}
