package source

import (
	"errors"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// Judge decides which references a stack file may use without a person's leave. Who writes
// the stack file, in a pull request for example, is not who runs the command: the values
// must not be keys of the latter. A reference is marked if it
//
//   - reads a file outside the stack file's folder, through symbolic links and other files too,
//   - reads a variable of the shell whose name is not that of the secret, or that its user logs in with,
//   - runs a program, or asks a secret manager, also where an encrypted file names another,
//   - is made with a variable of the shell that the stack file does not name as a source.
//
// A mark that the stack has used before counts no more.
type Judge struct {
	Local   Local
	Names   []string          // variables that the stack file's references name for secrets called like them
	Shown   map[string]string // plain variables with the values that the stack file shows
	Used    []string          // the keys of the marks that were allowed before
	Allowed bool              // a person allowed every source

	without map[string][]store.System // the systems of Local without variables, by their names
}

// Mark is one thing about a source that a person has to allow.
type Mark struct {
	Key    string // names the thing, the same in every run; never a value
	Reason string // "is outside the stack file's folder", to follow the reference
}

// Ask is one reference, and what is known of who wants its value.
type Ask struct {
	Ref   secret.Reference
	Names []string // names of the secret, and of the variables that have its value
	Judge *Judge   // nil if the person who runs the command gave the reference
}

// Answer is what became of an Ask. Its Err is a HeldError if nobody allowed the source.
type Answer struct {
	store.Result

	Marks []Mark // those that were used before or allowed now included
}

// HeldError means that a source was not used, because nobody allowed it yet.
type HeldError struct {
	Ref   secret.Reference
	Marks []Mark
}

func (e *HeldError) Error() string { return e.Ref.String() + " " + e.Reason() }

// Reason returns what is wrong with the source, to follow the reference.
func (e *HeldError) Reason() string {
	var reasons []string
	for _, mark := range e.Marks {
		reasons = append(reasons, mark.Reason)
	}
	return strings.Join(reasons, ", and ")
}

// verdict returns the error for the marks that nobody allowed, nil if there are none.
func (j *Judge) verdict(ref secret.Reference, marks []Mark) error {
	if j.Allowed {
		return nil
	}
	marks = slices.DeleteFunc(slices.Clone(marks), func(m Mark) bool { return slices.Contains(j.Used, m.Key) })
	if len(marks) == 0 {
		return nil
	}
	return &HeldError{Ref: ref, Marks: marks}
}

// reference returns the marks of ref, before anything is read.
func (j *Judge) reference(ref secret.Reference, names []string) []Mark {
	var marks []Mark
	for _, path := range j.Local.files(ref) {
		if outside(j.Local.Dir, j.Local.path(path)) {
			marks = append(marks, j.outsideMark(path))
		}
	}
	switch {
	case ref.Scheme == "env" && !j.inShell(ref.Path): // an env file's, of the stack's own folder
	case ref.Scheme == "env" && j.isOwn(ref.Path):
		marks = append(marks, Mark{"env://" + ref.Path, "is what you log in with yourself"})
	case ref.Scheme == "env" && !CalledLike(ref.Path, names):
		marks = append(marks, Mark{"env://" + ref.Path, "has another name than the secret"})
	case ref.Scheme == secret.SchemeSOPS, ref.Scheme == secret.SchemeOnePassword:
		marks = append(marks, Mark{Place(ref), "runs the program " + ref.Scheme + ", which this stack has not used before (" + Place(ref) + ")"})
		marks = append(marks, j.keyServers(ref)...)
	case ref.IsManaged():
		marks = append(marks, Mark{Place(ref), "asks a secret manager where this stack has not used it before (" + Place(ref) + ")"})
	}
	return marks
}

// Files returns the marks of files that something else than a reference names, paths
// relative to the folder of the stack file, and an error for those that nobody allowed.
func (j *Judge) Files(paths []string) ([]Mark, *HeldError) {
	var marks []Mark
	for _, path := range paths {
		if outside(j.Local.Dir, j.Local.path(path)) {
			marks = append(marks, j.outsideMark(path))
		}
	}
	held, _ := errors.AsType[*HeldError](j.verdict(secret.Reference{}, marks))
	return marks, held
}

// outsideMark returns the mark for a file as a reference or a compose file names it.
func (j *Judge) outsideMark(path string) Mark {
	return Mark{"file://" + path, "reads " + path + ", outside the stack file's folder"}
}

// Place returns the place of a secret manager or program that ref is in: what may be used
// once its user allowed one of its values. It is the folder of the name, the payload of a
// key, the vault or project, or the encrypted file.
func Place(ref secret.Reference) string {
	place := secret.Reference{Scheme: ref.Scheme, Path: ref.Path}
	switch ref.Scheme {
	case secret.SchemeAzure, secret.SchemeGoogle, secret.SchemeOnePassword:
		container, _, _ := strings.Cut(ref.Path, "/")
		place.Path = container + "/"
	case secret.SchemeSOPS:
	default:
		if ref.Fragment == "" {
			place.Path = ref.Path[:strings.LastIndex(ref.Path, "/")+1]
		}
	}
	for _, param := range ref.Query {
		if !strings.HasPrefix(param.Key, "version") {
			place.Query = append(place.Query, param)
		}
	}
	return place.String()
}

// CalledLike reports whether variable is called like one of names. A secret's name may begin
// with what tells it from others: shop_api_key is called like API_KEY.
func CalledLike(variable string, names []string) bool {
	variable = plainName(variable)
	return slices.ContainsFunc(names, func(name string) bool {
		name = plainName(name)
		return name == variable || strings.HasSuffix(name, "_"+variable)
	})
}

func plainName(name string) string {
	return strings.NewReplacer("-", "_", ".", "_").Replace(strings.ToLower(name))
}
