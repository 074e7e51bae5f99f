package compose

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/loader"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
	"github.com/docker-secrets/docker-secrets/compose/internal/expression"
	"github.com/docker-secrets/docker-secrets/internal/regular"
	"github.com/docker-secrets/docker-secrets/secret"
)

// Options say what to load. They are named after the flags of `docker compose`.
type Options struct {
	Files      []string // -f, in order; "-" is Stdin; none: COMPOSE_FILE, else the default names
	EnvFiles   []string // --env-file, in order; none: COMPOSE_ENV_FILES, else .env
	Profiles   []string // --profile; none: COMPOSE_PROFILES
	Name       string   // -p
	ProjectDir string   // --project-directory
	Output     string   // where the stack file will lie, "" for beside the first file; references are relative to its folder
	KeepNames  bool     // --no-interpolate: keep ${NAME} where the docker CLI understands it and it is no secret
	Confined   bool     // refuse files outside the project's folder that the application names
	Environ    []string // the shell's variables, KEY=VALUE
	Dir        string   // the folder that relative paths are relative to, absolute
	Stdin      io.Reader
	Recalled   *Recalled // what an earlier stack file tells; nil for none

	open bool // close no subtree: what tests compare with
}

// sources is everything that Load and Seal read, found and read once.
type sources struct {
	files    []sourceFile
	dir      string // project directory, absolute
	work     string // Options.Dir
	out      string // folder of the stack file, absolute
	env      *Environment
	envFiles []string // as they were found, absolute
	implied  bool     // envFiles is the project's own .env and nothing else
	name     string   // explicit project name, ""
	stack    string   // the name in an earlier stack file, ""
	profiles []string
	notes    []string // what was decided without being asked

	notClosable map[string]bool         // services; nil if nothing is to be closed
	needed      func(casts casts) casts // those that compose-go needs for these files; nil for all

	fenced []loader.ResourceLoader // see fence; none until the files are read

	keepNames bool   // Options.KeepNames
	confined  bool   // Options.Confined
	root      string // the folder that Confined allows, absolute
}

// sourceFile is one compose file.
type sourceFile struct {
	Filename string // absolute, "-" for stdin
	content  secret.Value
	decoded  decoded
}

// Content returns a copy of the file's bytes.
func (f sourceFile) Content() []byte { return []byte(f.content.Reveal()) }

// gather finds and reads the compose files and env files. Errors name the file.
func gather(o Options) (*sources, error) {
	s := &sources{work: o.Dir, keepNames: o.KeepNames, confined: o.Confined}
	o = o.places(environLookup(o.Environ))
	early, err := s.earlyEnvironment(o)
	if err != nil {
		return nil, err
	}
	o = o.choices(early.Lookup)
	if o.Recalled != nil {
		s.stack = o.Recalled.Stack
	}
	paths, err := s.composeFiles(o, early)
	if err != nil {
		return nil, err
	}
	if s.dir = s.abs(o.ProjectDir); o.ProjectDir == "" {
		s.dir = s.folderOf(paths)
	}
	s.root = s.rootOf(o, paths)
	if err = s.confineOwn(o, paths, nil); err != nil {
		return nil, err
	}
	if s.env, err = s.environment(o, early); err != nil {
		return nil, err
	}
	if s.out = s.folderOf(paths); o.Output != "" && o.Output != "-" {
		s.out = filepath.Dir(s.abs(o.Output))
	}
	if s.name, err = projectName(o.Name, s.env); err != nil {
		return nil, err
	}
	if s.profiles = o.Profiles; len(s.profiles) == 0 {
		names, _ := s.env.Lookup("COMPOSE_PROFILES")
		for name := range strings.SplitSeq(names, ",") { // an empty one too, as compose-go's WithDefaultProfiles has it
			s.profiles = append(s.profiles, strings.TrimSpace(name))
		}
	}
	if err = s.read(paths, o.Stdin); err == nil && o.Recalled != nil {
		s.dropEnvFiles()
	}
	return s, err
}

// OutputDir returns the folder in which the stack file of the application that o
// describes lies, absolute. The error is that of Load.
func OutputDir(o Options) (string, error) {
	o.Stdin = strings.NewReader("")
	s, err := gather(o)
	if err != nil {
		return "", err
	}
	return s.out, nil
}

// composeFiles returns absolute paths, "-" for stdin, in the order of merging.
func (s *sources) composeFiles(o Options, env *Environment) ([]string, error) {
	files := o.Files
	if list, ok := env.Lookup("COMPOSE_FILE"); ok && len(files) == 0 && list != "" {
		separator, _ := env.Lookup("COMPOSE_PATH_SEPARATOR")
		if separator == "" {
			separator = string(os.PathListSeparator)
		}
		files = splitList(list, separator)
	}
	if len(files) > 0 {
		return s.absAll(files), nil
	}
	start := s.abs(o.ProjectDir)
	for folder := start; ; folder = filepath.Dir(folder) {
		if paths := defaultFiles(folder); paths != nil {
			if len(paths) > 1 {
				s.notes = append(s.notes, s.show(paths[1])+" is merged in, as docker compose does; name the files with -f to leave it out")
			}
			return paths, nil
		}
		if folder == filepath.Dir(folder) {
			return nil, fmt.Errorf("no compose file in %s or above; go to the application's folder, or name the file with -f", start)
		}
	}
}

// defaultFiles returns the files in folder that Compose takes without being told: the
// compose file and its override. It returns nil if there is none.
func defaultFiles(folder string) []string {
	found := firstFile(folder, cli.DefaultFileNames)
	if found == "" {
		return nil
	}
	if override := firstFile(folder, cli.DefaultOverrideFileNames); override != "" {
		return []string{found, override}
	}
	return []string{found}
}

func firstFile(folder string, names []string) string {
	for _, name := range names {
		path := filepath.Join(folder, name)
		if info, err := os.Stat(path); err == nil && !info.IsDir() {
			return path
		}
	}
	return ""
}

func (s *sources) read(paths []string, stdin io.Reader) error {
	for _, path := range paths {
		var content []byte
		var err error
		if path == "-" {
			content, err = regular.Bounded(stdin)
		} else {
			content, err = regular.Read(path)
		}
		if err != nil {
			return fmt.Errorf("%w; name the compose file with -f", document.FileError(s.show(path), err))
		}
		s.files = append(s.files, sourceFile{Filename: path, content: secret.NewValue(string(content))})
	}
	return nil
}

// projectName returns the name that the user gave, "" if none.
func projectName(flag string, env *Environment) (string, error) {
	name := flag
	if name == "" {
		name, _ = env.Lookup("COMPOSE_PROJECT_NAME")
	}
	if name != loader.NormalizeProjectName(name) {
		return "", fmt.Errorf("project name %q: only lower-case letters, digits, '-' and '_', with a letter or digit first", name)
	}
	return name, nil
}

func environLookup(environ []string) expression.Lookup {
	return func(name string) (string, bool) {
		for _, pair := range slices.Backward(environ) {
			if text, ok := strings.CutPrefix(pair, name+"="); ok {
				return text, true
			}
		}
		return "", false
	}
}

func splitList(list, separator string) []string {
	var items []string
	for item := range strings.SplitSeq(list, separator) {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}
