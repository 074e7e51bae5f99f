package images

import (
	_ "embed"
	"strings"
	"sync"

	"github.com/docker-secrets/docker-secrets/secret"
)

// Native is how an image reads one variable from a file by itself.
type Native struct {
	Variable string   // to be set in the place of the plain one, which must go
	Prefix   string   // what stands before the file's path in its value, such as "file://"
	Mode     string   // the only file mode that the image accepts, such as "0400"; "" for any readable one
	UID      string   // the owner that the file must have with that mode; "" for root
	Group    []string // variables that must all be given as files or all be plain, this one among them
	Both     Both     // what the image does when the plain variable is set too
	Trim     Trim     // what the image takes off the file's content
}

// Both is what an image does when a variable is given plain and as a file.
type Both string

// Most images stop. Where the file or the plain one wins it is silent.
const (
	BothUnknown Both = ""
	BothFails   Both = "error"
	BothFile    Both = "file"
	BothPlain   Both = "plain"
)

// Trim is what an image takes off a file's content before it uses it.
type Trim string

// From nothing to everything but one line.
const (
	TrimUnknown  Trim = ""
	TrimNothing  Trim = "nothing"
	TrimNewlines Trim = "newlines" // at the end
	TrimSpace    Trim = "space"    // at both ends
	TrimLines    Trim = "lines"    // every newline, inner ones too
	TrimFirst    Trim = "first"    // all but the first line, and space at both ends
)

// Keeps tells whether the image reads v from a file as it is. What is not known
// about trimming is taken for the worst that is common: space at both ends.
func (n Native) Keeps(v secret.Value) bool { return n.Trim.keeps(v.Reveal()) }

func (t Trim) keeps(text string) bool { return t.apply(text) == text }

// Apply is what the image makes of a file that holds v.
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

// Expected is a file that an image looks for by itself under a fixed name.
type Expected struct {
	Target   string // the file's name in /run/secrets
	Variable string // set it to the bare Target, if not ""
	Trim     Trim
}

// NativeFor tells how image, as it is written in a compose file, reads variable
// from a file. It knows only what the image's source or documentation says, and
// answers false for everything else: a *_FILE that an image does not read would
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

// ExpectedFor tells under which fixed name image looks for a file with the value
// of variable, or false.
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
// locks out who only knows the new one.
type Initial struct {
	Variable  string // the plain one
	Statement string // by which its value is changed afterwards, as administrators know it; or ""
}

// InitialFor tells which variable image reads from the file that fileVariable names,
// where that initialises something. It answers false for everything else.
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

// initialising is the row that says that image reads variable only to initialise.
func initialising(image, variable string) (*facts, bool) {
	return imageRow(image, func(r *facts) bool { return r.initialises.match(variable) })
}

// IsSecret tells whether variable is a credential of image by documentation,
// whatever its name says.
func IsSecret(image, variable string) bool {
	_, ok := imageRow(image, func(r *facts) bool { return r.secret.match(variable) })
	return ok
}

// imageRow is the first row about image of which is holds.
func imageRow(image string, is func(*facts) bool) (*facts, bool) {
	table, err := table()
	if err != nil || image == "" {
		return nil, false
	}
	ref := parseImage(image)
	for _, i := range table.about(ref) {
		if r := &table.rows[i]; is(r) && r.matches(ref) {
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
