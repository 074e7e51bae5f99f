package built

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/image/buildcontext"
	"github.com/docker-secrets/docker-secrets/image/dockerfile"
	"github.com/docker-secrets/docker-secrets/internal/regular"
	"github.com/docker-secrets/docker-secrets/transform/images"
)

// Source is what an image is built from.
type Source struct {
	Context    string             // the folder, absolute; "" for one that may not be read, or is not here
	Missing    string             // why Context is "", as half a sentence
	Shown      string             // Context as people write it
	Dockerfile string             // relative to Context or absolute; "" for the usual one
	Inline     string             // its text, "" for a file
	Target     string             // "" for the last stage
	Args       map[string]*string // nil for a value that is not known
	Contexts   map[string]string  // named contexts
}

// Image is what a Source says about the image that is made of it.
type Image struct {
	File     string                // the Dockerfile as people write it; "" if it could not be read
	Fault    string                // why not, as half a sentence
	Evidence buildcontext.Evidence // the place that mentions secrets as files; its File is as people write it

	read dockerfile.Image
}

// Reader reads sources. It looks into a context once, however many images are built from
// it.
type Reader struct {
	searched map[string]buildcontext.Evidence
}

// Read reads the Dockerfile of s, and if search is true, looks into its context. It quotes
// nothing of what it reads but names of images and arguments.
func (r *Reader) Read(s Source, search bool) Image {
	var image Image
	if s.Context == "" && s.Inline == "" {
		image.Fault = s.Missing
		return image
	}
	name, content, err := s.dockerfile()
	image.File = s.show(name)
	if err == nil {
		image.read, err = dockerfile.Read(content, dockerfile.Build{Name: image.File, Target: s.Target, Args: s.Args, Contexts: s.Contexts})
	}
	if err != nil {
		image.Fault, image.File = faultOf(err, image.File), ""
	}
	if s.Context != "" && search && err == nil {
		image.Evidence = r.search(s, name, image.read.Copied)
	}
	return image
}

// search looks into the context of s. One that cannot be looked into shows nothing.
func (r *Reader) search(s Source, dockerfile string, copied []string) buildcontext.Evidence {
	key := strings.Join(append([]string{s.Context, dockerfile}, copied...), "\x00")
	if found, done := r.searched[key]; done {
		return found
	}
	found, err := buildcontext.Search(regular.FS(s.Context), dockerfile, copied)
	switch {
	case err != nil:
		found = buildcontext.Evidence{}
	case found.Found():
		found.File = s.show(found.File)
	}
	if r.searched == nil {
		r.searched = map[string]buildcontext.Evidence{}
	}
	r.searched[key] = found
	return found
}

// dockerfile reads the Dockerfile. The name is relative to the context if it is in it.
func (s Source) dockerfile() (name string, content []byte, err error) {
	if s.Inline != "" {
		return "dockerfile_inline", []byte(s.Inline), nil
	}
	if filepath.IsAbs(s.Dockerfile) || strings.HasPrefix(filepath.ToSlash(filepath.Clean(s.Dockerfile)), "../") {
		path := s.Dockerfile
		if !filepath.IsAbs(path) {
			path = filepath.Join(s.Context, path)
		}
		folder, base := filepath.Split(path)
		_, content, err = dockerfile.Find(regular.FS(filepath.Clean(folder)), base)
		return path, content, err
	}
	return dockerfile.Find(regular.FS(s.Context), filepath.ToSlash(s.Dockerfile))
}

// show is name, which is in the context or absolute, as people write it.
func (s Source) show(name string) string {
	if s.Inline != "" && name == "dockerfile_inline" || filepath.IsAbs(name) {
		return name
	}
	return filepath.ToSlash(filepath.Join(s.Shown, filepath.FromSlash(name)))
}

// faultOf says why a Dockerfile could not be read.
func faultOf(err error, file string) string {
	if errors.Is(err, fs.ErrNotExist) {
		return file + " is not there"
	}
	if _, ok := errors.AsType[*fs.PathError](err); ok {
		return file + " cannot be read"
	}
	return err.Error()
}

// Base is the image that it is FROM, "" for none or one that is not known.
func (i Image) Base() string { return i.read.Base }

// Unwritten stands in an image's config for what nothing has replaced.
const unwritten = "\x00unwritten"

// NativeBase is the image whose own way to read variables from files holds for this one:
// Base, if its entrypoint still runs. That is so if the Dockerfile has none, or one that
// is known to start it.
func (i Image) NativeBase() string {
	if i.read.Base == "" {
		return ""
	}
	config, _ := i.read.On(&images.Config{Entrypoint: []string{unwritten}, Command: []string{unwritten}})
	if slices.Contains(config.Entrypoint, unwritten) {
		return i.read.Base
	}
	own, known := images.EntrypointFor(i.read.Base)
	if known && own.CalledBy(slices.Concat(config.Entrypoint, config.Command)) {
		return i.read.Base
	}
	return ""
}

// Config is the config of the image if that of Base is config, and known; else what the
// table says of Base counts. why is half a sentence if it is not known what it starts.
func (i Image) Config(base images.Config, known bool) (config images.Config, why string) {
	if i.Fault != "" {
		return images.Config{}, i.Fault
	}
	on := &base
	if !known {
		row, found := images.EntrypointFor(i.read.Base)
		if row.Command == nil {
			row.Command = []string{unwritten}
		}
		if on = &row; !found {
			on = nil
		}
	}
	config, complete := i.read.On(on)
	switch {
	case !complete && len(i.read.Unknown) > 0:
		return images.Config{}, i.read.Unknown[0]
	case !complete:
		return images.Config{}, fmt.Sprintf("%s is FROM %s, which is unknown", i.File, i.read.Base)
	case slices.Contains(config.Command, unwritten):
		return images.Config{}, fmt.Sprintf("%s has no CMD, and that of %s is not known", i.File, i.read.Base)
	}
	return config, ""
}

// Mention says where the context mentions secrets as files, "" for nowhere.
func (i Image) Mention() string {
	if !i.Evidence.Found() {
		return ""
	}
	return fmt.Sprintf("%s:%d mentions %s", i.Evidence.File, i.Evidence.Line, i.Evidence.Word)
}
