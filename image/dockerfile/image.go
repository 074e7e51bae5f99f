package dockerfile

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/transform/images"
)

// Image is what a Dockerfile says about the image that it makes.
type Image struct {
	Base      string   // the image that the first of its stages is built on; "" for scratch, and where it is not known
	Scratch   bool     // it is built on nothing
	User      string   // of the last USER; "" for the base image's, and where it is not known
	Variables []string // the names that ENV sets, sorted
	Images    []string // that its stages are FROM, its own first, and then those that it takes files of; without those not known
	Copied    []string // patterns of what is taken from the build context, with '/', sorted; "" is all of it
	Unknown   []string // what the file leaves open, each as FILE:LINE: TEXT, in the order of the file

	chain [][]step // what is done to the base image, the stage FROM it first
}

// image follows stage i down to the image that it is built on.
func (r *reader) image(i int) Image {
	var image Image
	root := i
	for ; r.stages[root].parent >= 0; root = r.stages[root].parent {
		image.chain = append(image.chain, r.stages[root].steps)
	}
	image.chain = append(image.chain, r.stages[root].steps)
	slices.Reverse(image.chain)
	image.Copied, image.Images = r.copied(i)
	r.findBase(&image, r.stages[root])
	r.findUser(&image)
	return image
}

// findBase says what s is FROM.
func (r *reader) findBase(image *Image, s stage) {
	base, missing := r.expand(s.from, r.global)
	if context, named := r.build.Contexts[base]; named {
		reference, isImage := strings.CutPrefix(context, "docker-image://")
		if !isImage {
			image.Unknown = append(image.Unknown, fmt.Sprintf("%s:%d: FROM %s: it is an additional context that is not an image", r.build.Name, s.line, s.from))
			return
		}
		base = reference
	}
	switch {
	case len(missing) > 0:
		image.Unknown = append(image.Unknown, fmt.Sprintf("%s:%d: FROM %s: %s has no value; write it at build.args", r.build.Name, s.line, s.from, strings.Join(missing, ", ")))
	case base == "scratch":
		image.Scratch = true
	default:
		image.Base = base
	}
}

// findUser says which variables the chain sets, and the user that it ends with.
func (r *reader) findUser(image *Image) {
	f := follower{reader: r, set: map[string]bool{}, scope: variables{}}
	for _, s := range slices.Concat(image.chain...) {
		f.follow(s)
	}
	image.User, image.Variables = f.user, slices.Sorted(maps.Keys(f.set))
	if f.unknown != "" {
		image.Unknown = append(image.Unknown, f.unknown)
	}
}

// On is the config of the image when base is the config of the image that it is built
// on, nil if that is not known. The second result tells whether what it starts is known:
// without base it is when the file has an ENTRYPOINT, which makes the base image's CMD
// void. Healthcheck and shell are then those of the file alone. For scratch base is not
// used. A base whose command is not known (EntrypointFor) is no base to pass: a nil
// Command is none.
func (i Image) On(base *images.Config) (images.Config, bool) {
	s := state{known: base != nil || i.Scratch}
	if base != nil && !i.Scratch {
		s.config = clone(*base)
	}
	if i.Scratch {
		s.config.HasShell = images.No
	}
	s.trigger(s.config.OnBuild)
	s.config.OnBuild = nil
	for _, steps := range i.chain {
		triggers := s.own
		s.own, s.commandSet = nil, false
		s.trigger(triggers)
		for _, step := range steps {
			s.apply(step.command)
		}
	}
	for _, name := range i.Variables {
		if _, native := images.NativeFor(i.Base, name); native && !slices.Contains(s.config.Variables, name) {
			s.config.Variables = append(s.config.Variables, name)
		}
	}
	slices.Sort(s.config.Variables)
	s.config.OnBuild = s.own
	return s.config, s.known
}

func clone(c images.Config) images.Config {
	c.Variables = slices.Clone(c.Variables)
	return c
}
