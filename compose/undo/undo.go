package undo

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform"
)

// Result is a compose file, and what has to be known about it.
type Result struct {
	Content   []byte
	Needs     []Need // sorted by name
	Losses    []Loss // in order of the line
	Variables int    // that came back
}

// Need is a variable that the compose file interpolates in place of a secret.
type Need struct {
	Name  string   `json:"name"`
	Files []string `json:"files,omitempty"` // the env files that may have it, later ones win, relative to the stack file; nil if none has it under this name
	From  string   `json:"from,omitempty"`  // where its value is, as x-from: says; "" if the stack file does not say
}

// Loss is something that does not come back, or that is not sure.
type Loss struct {
	Line    int    `json:"line"`
	Path    string `json:"path"`
	Message string `json:"message"`
}

// Mark begins the first line of what Undo writes.
const Mark = "# Made by docker secrets migrate --undo"

// Undo returns the compose file for content, the bytes of one stack file that is shown
// as path in errors. The error is a file that cannot be read; it quotes nothing.
func Undo(path string, content []byte) (Result, error) {
	body := stackfile.Body(content)
	stack, services, err := stackfile.ParseServices(body)
	if err != nil {
		return Result{}, fmt.Errorf("%s: %w", path, err)
	}
	docs, err := document.Parse(path, body)
	if err != nil {
		return Result{}, err
	}
	if document.Entry(docs[0], "services") == nil {
		return Result{}, errors.New(path + ": services: is missing; give a stack file with -f")
	}
	u := &undo{
		root: flat(docs[0]), skipped: bytes.Count(content[:len(content)-len(body)], []byte("\n")),
		secrets: map[string]stackfile.Object{}, configs: map[string]stackfile.Object{}, services: services,
	}
	for _, object := range stack.Objects {
		if object.Config {
			u.configs[object.Name] = object
		} else {
			u.secrets[object.Name] = object
		}
	}
	if u.root == nil {
		return Result{}, errors.New(path + ": too many aliases")
	}
	u.names = newNames(u.root, stack)
	u.run(stack)
	return u.result(path)
}

// undo is the work on one stack file.
type undo struct {
	root             *yaml.Node
	skipped          int // lines of the header
	secrets, configs map[string]stackfile.Object
	services         map[string]stackfile.Service
	names            *names
	losses           []Loss
	variables        int
}

func (u *undo) run(stack stackfile.Stack) {
	document.Each(document.Entry(u.root, "services"), func(name, node *yaml.Node) {
		s := &service{u: u, name: name.Value, node: node, facts: u.services[name.Value], done: map[string]bool{}}
		s.undo(stack.Name)
	})
	u.inlined(stack)
	u.objects("configs", u.configs)
	u.objects("secrets", u.secrets)
	document.Each(document.Entry(u.root, "networks"), func(_, network *yaml.Node) {
		if plain(document.Entry(network, "driver")) == "overlay" {
			remove(network, "driver")
		}
	})
	for _, key := range []string{"version", "x-unread", "x-inline", "x-in-clear", "x-migrate", "x-images", "x-stack"} {
		remove(u.root, key)
	}
	if stack.Name != "" && document.Entry(u.root, "name") == nil {
		u.root.Content = append([]*yaml.Node{scalar("name"), scalar(stack.Name)}, u.root.Content...)
	}
}

func (u *undo) lose(node *yaml.Node, path, message string) {
	line := u.skipped
	if node != nil {
		line += node.Line
	}
	u.losses = append(u.losses, Loss{Line: line, Path: path, Message: message})
}

// inlined gives the ${NAME} that deploy would fill in the names of their sources.
func (u *undo) inlined(stack stackfile.Stack) {
	for _, inline := range stack.Inlined {
		from := stackfile.Object{Name: inline.Name, From: inline.From}
		if name := u.names.of(from); name != inline.Name {
			replaceAll(document.Entry(u.root, "services"), "${"+inline.Name+"}", "${"+name+"}")
		}
	}
}

func (u *undo) result(path string) (Result, error) {
	var text bytes.Buffer
	fmt.Fprintf(&text, "%s from %s, for development\n", Mark, path)
	needs := u.names.needs()
	if words := Flags(needs); words != "" {
		fmt.Fprintf(&text, "# docker compose%s -f FILE up\n", words)
	}
	text.WriteString("\n")
	encoder := yaml.NewEncoder(&text)
	encoder.SetIndent(2)
	if err := errors.Join(encoder.Encode(u.root), encoder.Close()); err != nil {
		return Result{}, errors.New(path + ": cannot be written as YAML")
	}
	slices.SortStableFunc(u.losses, func(a, b Loss) int { return cmp.Compare(a.Line, b.Line) })
	return Result{Content: text.Bytes(), Needs: needs, Losses: u.losses, Variables: u.variables}, nil
}

// EnvFiles are the env files that needs ask for, in the order for docker compose; nil if
// .env is enough.
func EnvFiles(needs []Need) []string {
	var files []string
	usual := false
	for _, need := range needs {
		usual = usual || need.Files == nil || slices.Contains(need.Files, dotEnv)
		for _, file := range need.Files {
			if file != dotEnv && !slices.Contains(files, file) {
				files = append(files, file)
			}
		}
	}
	if len(files) > 0 && usual {
		files = append([]string{dotEnv}, files...)
	}
	return files
}

// Flags are EnvFiles as flags of docker compose, with a blank before each.
func Flags(needs []Need) string {
	var flags strings.Builder
	for _, file := range EnvFiles(needs) {
		if strings.ContainsAny(file, " '\"$&#?*;\n") {
			file = "'" + strings.ReplaceAll(file, "'", `'\''`) + "'"
		}
		flags.WriteString(" --env-file " + strings.ReplaceAll(file, "\n", " "))
	}
	return flags.String()
}

// onlyFiles tells whether the secret is a file of the author's: no variable has such a
// source.
func onlyFiles(object stackfile.Object) bool {
	return len(object.From) > 0 && !slices.ContainsFunc(object.From, func(ref secret.Reference) bool { return ref.Scheme != "file" })
}

// isShim tells whether the config is the shim.
func isShim(object stackfile.Object) bool {
	_, known := transform.ShimText(object.Pin)
	return object.Shim && known
}
