package images

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

const imagesIntro = `# Images and the files that they read

<!-- Generated from transform/images/data/images.tsv by go generate. Do not edit. -->

What ` + "`docker secrets migrate`" + ` knows about images. Where an image reads a variable from a file by itself, the secret is
delivered that way: delivery ` + "`native`" + `. A variable or an image that is not listed gets none of it, because a ` + "`…_FILE`" + ` that
the image does not read leaves the service without its password. How its secrets are delivered is said in
[deliveries.md](deliveries.md).

- **images**: names without tag; ` + "`*`" + ` is any text within one part. The same name on a mirror of your own
  (` + "`registry.example.com/postgres`" + `) counts too; a name below another one's on a public registry does not.
- **versions**: those that the row is about, by the tag. A tag without a number is the newest.
- **both set**: what the image does with the variable and its file given together. migrate takes the variable away.
- **newline at the end**: what becomes of one in the file. migrate warns of a value that the image would change.
`

const filesIntro = `
## Images that read files

| images | versions | variables | read from | both set | newline at the end | notes |
| --- | --- | --- | --- | --- | --- | --- |
`

const noFilesIntro = `
## Images that read none

They are listed as a warning, and for the credentials that their variables' names do not show.

| images | versions | notes |
| --- | --- | --- |
`

// WritePage writes the page for users that says what is known of images.
// looksSecret chooses the variable of a row that is shown as its example. The error
// is a fault of the table, or w's.
func WritePage(w io.Writer, looksSecret func(name string) bool) error {
	table, err := table()
	if err != nil {
		return err
	}
	var files, noFiles strings.Builder
	for _, r := range forReaders(table.rows) {
		images := listed(r.names())
		if r.form.kind == "none" {
			tableRow(&noFiles, images, r.tags, r.remarks())
			continue
		}
		tableRow(&files, images, r.tags, r.subject(), r.example(looksSecret), bothWords[r.both], trimWords[r.trim], r.remarks())
	}
	_, err = io.WriteString(w, imagesIntro+filesIntro+files.String()+noFilesIntro+noFiles.String())
	return err
}

// forReaders returns the rows sorted by the name of their first image, with the versions
// in words. A row without versions below one that has them is about all other versions.
func forReaders(rows []facts) []facts {
	sorted := slices.Clone(rows)
	slices.SortStableFunc(sorted, func(a, b facts) int { return strings.Compare(a.names()[0], b.names()[0]) })
	for i := range sorted {
		r := &sorted[i]
		since, isSince := strings.CutPrefix(r.tags, ">=")
		switch {
		case isSince:
			r.tags = since + " and newer"
		case r.tags != "":
			r.tags = "before " + r.tags[1:]
		case i > 0 && sorted[i-1].names()[0] == r.names()[0]:
			r.tags = "older"
		default:
			r.tags = "all"
		}
	}
	return sorted
}

// bothWords say what an image does when both are set.
//
//nolint:gochecknoglobals // a table, never written
var bothWords = map[WhenBoth]string{
	BothUnknown: "not known", BothFails: "it stops", BothFile: "the file wins", BothPlain: "the variable wins",
}

// trimWords say what becomes of a newline at a file's end.
//
//nolint:gochecknoglobals // a table, never written
var trimWords = map[Trim]string{
	TrimUnknown: "not known", TrimNothing: "kept", TrimNewlines: "taken off", TrimSpace: "taken off, with all blanks around",
	TrimLines: "taken off, inner ones too", TrimFirst: "taken off; only the first line is read",
}

func tableRow(b *strings.Builder, cells ...string) {
	for i, cell := range cells {
		cells[i] = strings.ReplaceAll(cell, "|", `\|`)
	}
	fmt.Fprintf(b, "| %s |\n", strings.Join(cells, " | "))
}

// listed returns names as code, with commas between them.
func listed(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return code(strings.Join(names, "`, `"))
}

func code(text string) string { return "`" + text + "`" }

// asMarkdown returns note with its variables and globs as code.
func asMarkdown(note string) string {
	words := strings.Fields(note)
	for i, word := range words {
		if core := strings.Trim(word, ",;:"); strings.ContainsAny(core, "_*") {
			words[i] = strings.Replace(word, core, code(core), 1)
		}
	}
	return strings.Join(words, " ")
}

// names returns the row's images as people write them.
func (r *facts) names() []string {
	names := make([]string, len(r.images))
	for i, ref := range r.images {
		names[i] = strings.TrimPrefix(ref.registry+"/"+strings.Join(ref.path, "/"), "docker.io/")
	}
	return names
}

// subject returns the variables that the row is about, in words.
func (r *facts) subject() string {
	var with, without []string
	for _, pattern := range r.variables {
		if excluded, found := strings.CutPrefix(pattern, "!"); found {
			without = append(without, excluded)
		} else {
			with = append(with, pattern)
		}
	}
	text := listed(append(with, slices.Sorted(maps.Keys(r.targets))...))
	if slices.Contains(with, "*") {
		text = "all"
	}
	if len(without) > 0 {
		text += " but " + listed(without)
	}
	return text
}

// example returns how one of the variables is read, a secret if there is one.
func (r *facts) example(looksSecret func(name string) bool) string {
	variable := ""
	if len(r.variables) > 0 {
		variable = r.variables[max(slices.IndexFunc(r.variables, looksSecret), 0)]
	}
	file := r.form.value + "/run/secrets/…"
	switch r.form.kind {
	case "suffix":
		return code(variable + r.form.name + "=" + file)
	case "prefix":
		return code(r.form.name + variable + "=" + file)
	case "value":
		return code(variable + "=" + file)
	}
	var names []string
	for _, variable := range slices.Sorted(maps.Keys(r.targets)) {
		names = append(names, r.targets[variable])
	}
	switch {
	case r.form.kind == "named":
		return code(r.form.name + "=" + names[0])
	case len(names) == 0:
		return code("/run/secrets/VARIABLE")
	}
	return "in `/run/secrets`, in this order: " + listed(names)
}

// remarks returns everything else of a row, in sentences without full stops.
func (r *facts) remarks() string {
	var parts []string
	if r.note != "" {
		parts = append(parts, asMarkdown(r.note))
	}
	if r.mode != "" {
		parts = append(parts, "the file gets mode "+r.mode+" and belongs to user "+cmp.Or(r.uid, "0"))
	}
	for _, group := range r.groups {
		parts = append(parts, "all as files or all plain: "+listed(group))
	}
	if len(r.secret) > 0 {
		parts = append(parts, "always secrets: "+listed(r.secret))
	}
	if len(r.initialises) > 0 {
		parts = append(parts, "read for an empty data directory only: "+listed(r.initialises))
	}
	return strings.Join(parts, "; ")
}
