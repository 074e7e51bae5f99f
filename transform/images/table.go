package images

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// facts is one row of data/images.tsv, whose head describes the columns.
type facts struct {
	images      []reference
	tags        string // as written
	since       []int  // versions from here on; nil for all
	before      []int  // versions older than this; nil for all
	form        form
	variables   nameGlobs
	targets     map[string]string // variable → file name, for the forms "expects" and "named"
	both        WhenBoth
	trim        Trim
	mode, uid   string
	groups      [][]string
	secret      nameGlobs
	initialises nameGlobs
	statement   string // by which a password is changed where initialises has been read
	note        string
}

// form is the column "form": how a variable and its file are written.
type form struct{ kind, name, value string }

func (r *facts) matches(ref reference) bool {
	if r.since != nil && !atLeast(ref.version, r.since) || r.before != nil && atLeast(ref.version, r.before) {
		return false
	}
	return slices.ContainsFunc(r.images, ref.matches)
}

// variableOf returns the variable that the row's image reads from the file that
// fileVariable names, as the form says it; ok is false if fileVariable has another form.
func (r *facts) variableOf(fileVariable string) (variable string, ok bool) {
	switch r.form.kind {
	case "suffix":
		return strings.CutSuffix(fileVariable, r.form.name)
	case "prefix":
		return strings.CutPrefix(fileVariable, r.form.name)
	case "value":
		return fileVariable, true
	}
	return "", false
}

// native reports whether the row gives variable a form with a variable of its own.
func (r *facts) native(variable string) bool {
	switch r.form.kind {
	case "suffix", "prefix", "value":
		return r.variables.match(variable)
	}
	return false
}

// expected returns the fixed file name for variable, "" for none.
func (r *facts) expected(variable string) string {
	if name, ok := r.targets[variable]; ok {
		return name
	}
	if r.form.kind == "expects" && r.variables.match(variable) {
		return variable
	}
	return ""
}

// at returns the variable for which expected returns target, "" for none: the first by
// name.
func (r *facts) at(target string) string {
	for _, variable := range slices.Sorted(maps.Keys(r.targets)) {
		if r.targets[variable] == target {
			return variable
		}
	}
	if r.expected(target) == target {
		return target
	}
	return ""
}

func (r *facts) groupOf(variable string) []string {
	for _, group := range r.groups {
		if slices.Contains(group, variable) {
			return group
		}
	}
	return nil
}

// nameGlobs are globs over variables; one that begins with '!' excludes.
type nameGlobs []string

func (g nameGlobs) match(name string) bool {
	matched := false
	for _, pattern := range g {
		if exclude, found := strings.CutPrefix(pattern, "!"); found {
			if GlobMatch(exclude, name) {
				return false
			}
			continue
		}
		matched = matched || GlobMatch(pattern, name)
	}
	return matched
}

// index finds the rows that may be about an image without asking all.
type index struct {
	rows   []facts
	byName map[string][]int // by the last part of the name: rows in order, those for any name included
	any    []int            // rows with a '*' in the last part
}

func indexImages(text string) (index, error) {
	rows, err := readImages(text)
	x := index{rows: rows, byName: map[string][]int{}}
	for i, r := range rows {
		for _, pattern := range r.images {
			last := pattern.path[len(pattern.path)-1]
			if strings.Contains(last, "*") {
				x.any = append(x.any, i)
			} else {
				x.byName[last] = append(x.byName[last], i)
			}
		}
	}
	for name, found := range x.byName {
		found = append(found, x.any...)
		slices.Sort(found)
		x.byName[name] = slices.Compact(found)
	}
	return x, err
}

// about returns the indexes of the rows to ask about ref, in order.
func (x index) about(ref reference) []int {
	if found, ok := x.byName[ref.path[len(ref.path)-1]]; ok {
		return found
	}
	return x.any
}

// imageColumns is the number of columns in data/images.tsv.
const imageColumns = 13

// readImages parses the table. All rows with faults are reported, joined.
func readImages(text string) ([]facts, error) {
	var rows []facts
	var faults []error
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimRight(line, "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		row, err := readImage(strings.Split(line, "\t"))
		if err != nil {
			faults = append(faults, fmt.Errorf("images.tsv:%d: %w", number, err))
			continue
		}
		rows = append(rows, row)
	}
	return rows, errors.Join(faults...)
}

func readImage(columns []string) (facts, error) {
	if len(columns) != imageColumns {
		return facts{}, fmt.Errorf("%d columns; there are %d", len(columns), imageColumns)
	}
	for i, c := range columns {
		if c == "-" {
			columns[i] = ""
		}
	}
	r := facts{
		tags: columns[1],
		both: WhenBoth(columns[4]), trim: Trim(columns[5]), mode: columns[6], uid: columns[7],
		secret: strings.Fields(columns[9]), initialises: strings.Fields(columns[10]), statement: columns[11], note: columns[12],
	}
	for pattern := range strings.FieldsSeq(columns[0]) {
		r.images = append(r.images, parseImage(pattern))
	}
	for group := range strings.FieldsSeq(columns[8]) {
		r.groups = append(r.groups, strings.Split(group, "+"))
	}
	return r, errors.Join(r.readTags(columns[1]), r.readForm(columns[2]), r.readVariables(columns[3]), r.check())
}

// readTags reads "", ">=1.2" or "<1.2".
func (r *facts) readTags(text string) error {
	switch {
	case text == "":
	case strings.HasPrefix(text, ">="):
		r.since = parseVersion(text[2:])
	case strings.HasPrefix(text, "<"):
		r.before = parseVersion(text[1:])
	default:
		return fmt.Errorf("tags %q: write >=VERSION or <VERSION", text)
	}
	return nil
}

// readForm reads "none", "expects", or KIND:NAME[=VALUE].
func (r *facts) readForm(text string) error {
	kind, rest, _ := strings.Cut(text, ":")
	r.form.kind = kind
	switch kind {
	case "none", "expects":
	case "suffix", "prefix", "named":
		r.form.name, r.form.value, _ = strings.Cut(rest, "=")
		r.form.value = strings.ReplaceAll(r.form.value, "_", " ")
	case "value":
		r.form.value = rest
	default:
		return fmt.Errorf("form %q: write none, suffix, prefix, value, expects, named", text)
	}
	return nil
}

// readVariables reads globs, or VARIABLE=FILE for fixed file names.
func (r *facts) readVariables(text string) error {
	r.targets = map[string]string{}
	for field := range strings.FieldsSeq(text) {
		variable, file, fixed := strings.Cut(field, "=")
		if fixed {
			r.targets[variable] = file
			continue
		}
		if err := CheckGlob(strings.TrimPrefix(field, "!")); err != nil {
			return err
		}
		r.variables = append(r.variables, field)
	}
	return nil
}

// check finds what contradicts itself in a row.
func (r *facts) check() error {
	_, knownBoth := map[WhenBoth]bool{BothUnknown: true, BothFails: true, BothFile: true, BothPlain: true}[r.both]
	_, knownTrim := map[Trim]bool{TrimUnknown: true, TrimNothing: true, TrimNewlines: true, TrimSpace: true, TrimLines: true, TrimFirst: true}[r.trim]
	switch {
	case len(r.images) == 0:
		return errors.New("no image")
	case !knownBoth:
		return fmt.Errorf("both %q: there is no such behaviour", r.both)
	case !knownTrim:
		return fmt.Errorf("trim %q: there is no such trimming", r.trim)
	case r.uid != "" && r.mode == "":
		return errors.New("an owner without a mode")
	case r.statement != "" && len(r.initialises) == 0:
		return errors.New("a statement without a variable that it changes")
	case r.form.kind == "none" && len(r.variables) > 0:
		return errors.New("variables without a form")
	}
	return nil
}
