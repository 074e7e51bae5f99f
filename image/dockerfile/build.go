package dockerfile

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/frontend/dockerfile/shell"
)

// Build is what a build: block of a compose file says, as far as it decides how the
// image runs.
type Build struct {
	Name   string             // of the Dockerfile, for messages
	Target string             // the stage to build; "" for the last
	Args   map[string]*string // build arguments; nil is one that is given and whose value is not known
	// Contexts are the named contexts (additional_contexts:), which come before stages
	// and images of the same name. Only docker-image://IMAGE can be looked into.
	Contexts map[string]string
}

// Read reads the Dockerfile with this content. The error names the line and what was
// expected; it never quotes the file, which may hold a secret.
func Read(content []byte, build Build) (Image, error) {
	tree, err := parser.Parse(bytes.NewReader(content))
	if err != nil {
		return Image{}, build.fault(err, "it is not a Dockerfile")
	}
	r := reader{build: build, lex: shell.NewLex(tree.EscapeToken), global: platformArgs(build.Target)}
	for name, value := range build.Args {
		if _, predefined := r.global[name]; predefined {
			r.global[name] = argument{value: value}
		}
	}
	for _, node := range tree.AST.Children {
		if err = r.read(node); err != nil {
			return Image{}, build.fault(parser.WithLocation(err, node.Location()), "the instruction is not complete")
		}
	}
	last, err := r.target()
	if err != nil {
		return Image{}, err
	}
	image := r.image(last)
	if frontend, ok := foreignFrontend(content); ok {
		image.Unknown = append([]string{fmt.Sprintf("%s: it is read by %s", build.Name, frontend)}, image.Unknown...)
	}
	return image, nil
}

// fault is err without the text that it quotes.
func (b Build) fault(err error, what string) error {
	var at *parser.LocationError
	if errors.As(err, &at) && len(at.Locations) > 0 && len(at.Locations[0]) > 0 {
		return fmt.Errorf("%s:%d: %s", b.Name, at.Locations[0][0].Start.Line, what)
	}
	return fmt.Errorf("%s: %s", b.Name, what)
}

// foreignFrontend is what the syntax directive names, unless it is the usual one:
// another frontend may read the file in its own way.
func foreignFrontend(content []byte) (string, bool) {
	syntax, _, _, ok := parser.DetectSyntax(content)
	if !ok {
		return "", false
	}
	syntax, _, _ = strings.Cut(strings.TrimPrefix(syntax, "docker.io/"), ":")
	return syntax, syntax != "docker/dockerfile" && syntax != "docker/dockerfile-upstream"
}

// platformArgs are the arguments that BuildKit defines by itself. The platform is the
// one whose config is read of an image for several.
func platformArgs(target string) map[string]argument {
	if target == "" {
		target = "default"
	}
	all := map[string]argument{}
	for name, value := range map[string]string{
		"BUILDPLATFORM": "linux/amd64", "BUILDOS": "linux", "BUILDOSVERSION": "", "BUILDARCH": "amd64", "BUILDVARIANT": "",
		"TARGETPLATFORM": "linux/amd64", "TARGETOS": "linux", "TARGETOSVERSION": "", "TARGETARCH": "amd64", "TARGETVARIANT": "",
		"TARGETSTAGE": target,
	} {
		all[name] = argument{value: &value}
	}
	return all
}
