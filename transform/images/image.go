package images

import (
	_ "embed"
	"strings"
	"sync"

	"github.com/docker-secrets/docker-secrets/secret"
)

// Native is how an image reads one variable from a file by itself.
type Native struct {
	Variable string   // the one to set instead of the plain one, which must go
	Prefix   string   // what its value has before the file's path, such as "file://"
	Mode     string   // the only file mode that the image accepts, such as "0400"; "" for any readable one
	UID      string   // the owner that the file must have with that mode; "" for root
	Group    []string // variables that must all be given as files or all be plain, this one among them
	Both     WhenBoth // what the image does when the plain variable is set too
	Trim     Trim     // what the image takes off the file's content
}

// WhenBoth is what an image does when a variable is given plain and as a file.
type WhenBoth string

// What images do. If the file or the plain variable wins, the image does not say so.
const (
	BothUnknown WhenBoth = ""
	BothFails   WhenBoth = "error"
	BothFile    WhenBoth = "file"
	BothPlain   WhenBoth = "plain"
)

// Trim is what an image takes off a file's content before it uses it.
type Trim string

// Sorted by how much is taken off; TrimFirst leaves only the first line.
const (
	TrimUnknown  Trim = ""
	TrimNothing  Trim = "nothing"
	TrimNewlines Trim = "newlines" // at the end
	TrimSpace    Trim = "space"    // at both ends
	TrimLines    Trim = "lines"    // every newline, inner ones too
	TrimFirst    Trim = "first"    // every line but the first, and space at both ends of that
)

// Keeps reports whether the image uses v unchanged when it reads v from a file. If the
// trimming is not known, the worst common case is assumed: space at both ends.
func (n Native) Keeps(v secret.Value) bool { return n.Trim.keeps(v.Reveal()) }

func (t Trim) keeps(text string) bool { return t.apply(text) == text }

// Apply returns the value that the image uses when its file holds v.
func (t Trim) Apply(v secret.Value) secret.Value { return secret.NewValue(t.apply(v.Reveal())) }

func (t Trim) apply(text string) string {
	switch t {
	case TrimNothing:
		return text
	case TrimNewlines:
		return strings.TrimRight(text, "\r\n")
	case TrimLines:
		return strings.NewReplacer("\r", "", "\n", "").Replace(text)
	case TrimFirst:
		if end := strings.IndexAny(text, "\r\n"); end >= 0 {
			text = text[:end]
		}
		return strings.TrimSpace(text)
	case TrimUnknown, TrimSpace:
		return strings.TrimSpace(text)
	}
	return ""
}

// Expected is a file that an image reads by itself, under a name that is fixed.
type Expected struct {
	Target   string // the file's name in /run/secrets
	Variable string // set it to the bare Target, if not ""
	Trim     Trim
}

// NativeFor returns how image, as it is written in a compose file, reads variable
// from a file. It knows only what the image's source or documentation says, and
// returns false for everything else: a *_FILE that an image does not read would
// leave it without its password. A tag without a version counts as the newest.
func NativeFor(image, variable string) (Native, bool) {
	row, ok := imageRow(image, func(r *facts) bool { return r.native(variable) })
	if !ok {
		return Native{}, false
	}
	n := Native{Variable: variable, Prefix: row.form.value, Mode: row.mode, UID: row.uid, Group: row.groupOf(variable), Both: row.both, Trim: row.trim}
	switch row.form.kind {
	case "suffix":
		n.Variable = variable + row.form.name
	case "prefix":
		n.Variable = row.form.name + variable
	}
	return n, true
}

// VariableOf returns the variable that image reads from the file that fileVariable names
// (POSTGRES_PASSWORD_FILE): the one for which NativeFor returns fileVariable.
func VariableOf(image, fileVariable string) (variable string, ok bool) {
	row, ok := imageRow(image, func(r *facts) bool {
		plain, has := r.variableOf(fileVariable)
		return has && r.native(plain)
	})
	if !ok {
		return "", false
	}
	variable, _ = row.variableOf(fileVariable)
	native, _ := NativeFor(image, variable)
	return variable, native.Variable == fileVariable
}

// VariableAt returns the variable that image reads from the file called target in
// /run/secrets by itself: one for which ExpectedFor returns target.
func VariableAt(image, target string) (variable string, ok bool) {
	row, ok := imageRow(image, func(r *facts) bool { return r.at(target) != "" })
	if !ok {
		return "", false
	}
	variable = row.at(target)
	expected, _ := ExpectedFor(image, variable)
	return variable, expected.Target == target
}

// ExpectedFor returns the file from which image reads variable by itself, false if it
// reads none. It knows what NativeFor knows.
func ExpectedFor(image, variable string) (Expected, bool) {
	row, ok := imageRow(image, func(r *facts) bool { return r.expected(variable) != "" })
	if !ok {
		return Expected{}, false
	}
	e := Expected{Target: row.expected(variable), Trim: row.trim}
	if row.form.kind == "named" {
		e.Variable = row.form.name
	}
	return e, true
}

// Initial is a variable that an image reads from a file only when it sets up an
// empty data directory: a new value changes nothing in a database that exists, and
// services that get the new value cannot log in.
type Initial struct {
	Variable  string // the plain one
	Statement string // the administrator's command that changes the value afterwards, "" if not known
}

// InitialFor returns the variable that image reads from the file that fileVariable
// names (POSTGRES_PASSWORD_FILE), if it reads it only to set up an empty data
// directory. It returns false for everything else.
func InitialFor(image, fileVariable string) (Initial, bool) {
	row, ok := imageRow(image, func(r *facts) bool {
		variable, has := r.variableOf(fileVariable)
		return has && r.native(variable)
	})
	if !ok {
		return Initial{}, false
	}
	variable, _ := row.variableOf(fileVariable)
	initialised, ok := initialising(image, variable)
	if native, _ := NativeFor(image, variable); !ok || native.Variable != fileVariable {
		return Initial{}, false
	}
	return Initial{Variable: variable, Statement: initialised.statement}, true
}

// Initialises returns variable if image reads it, itself or from a file, only to set up an
// empty data directory. It returns false for everything else.
func Initialises(image, variable string) (Initial, bool) {
	row, ok := initialising(image, variable)
	if !ok {
		return Initial{}, false
	}
	return Initial{Variable: variable, Statement: row.statement}, true
}

// initialising returns the row that says that image reads variable only to set up an
// empty data directory.
func initialising(image, variable string) (*facts, bool) {
	return imageRow(image, func(r *facts) bool { return r.initialises.match(variable) })
}

// IsSecret reports whether the documentation of image calls variable a credential,
// whatever its name says.
func IsSecret(image, variable string) bool {
	_, ok := imageRow(image, func(r *facts) bool { return r.secret.match(variable) })
	return ok
}

// imageRow returns the first row about image for which wanted returns true.
func imageRow(image string, wanted func(*facts) bool) (*facts, bool) {
	table, err := table()
	if err != nil || image == "" {
		return nil, false
	}
	ref := parseImage(image)
	for _, i := range table.about(ref) {
		if r := &table.rows[i]; wanted(r) && r.matches(ref) {
			return r, true
		}
	}
	return nil, false
}

//go:embed data/images.tsv
var imagesText string

// table is data/images.tsv, read once. A test proves that it is well formed.
//
//nolint:gochecknoglobals // read once, never written
var table = sync.OnceValues(func() (index, error) { return indexImages(imagesText) })
