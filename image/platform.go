package image

import (
	"fmt"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// runnable is the image that a manifest means. Of an image for several platforms it is
// one of those for Linux: amd64, arm64, or the first. They say the same of the way that
// it runs; this machine's could differ from a colleague's, and the stack file must not.
func runnable(manifest *remote.Descriptor) (v1.Image, error) {
	switch kind := manifest.MediaType; {
	case kind.IsSchema1():
		return nil, errSchema1
	case kind.IsIndex():
		index, err := manifest.ImageIndex()
		if err != nil {
			return nil, err
		}
		return ofIndex(index, maxNesting)
	case kind.IsImage():
		return manifest.Image()
	}
	return nil, errNoImage
}

// maxNesting is how many indexes may be in one another.
const maxNesting = 3

func ofIndex(index v1.ImageIndex, nesting int) (v1.Image, error) {
	list, err := index.IndexManifest()
	if err != nil {
		return nil, err
	}
	chosen, err := choose(list.Manifests)
	if err != nil {
		return nil, err
	}
	if !chosen.MediaType.IsIndex() {
		return index.Image(chosen.Digest)
	}
	if nesting == 0 {
		return nil, errNoImage
	}
	inner, err := index.ImageIndex(chosen.Digest)
	if err != nil {
		return nil, err
	}
	return ofIndex(inner, nesting-1)
}

// choose picks the manifest of an image for Linux.
func choose(manifests []v1.Descriptor) (v1.Descriptor, error) {
	var best *v1.Descriptor
	windows := false
	for i, m := range manifests {
		if !m.MediaType.IsImage() && !m.MediaType.IsIndex() || isAttestation(m) {
			continue
		}
		if m.Platform != nil && m.Platform.OS != "linux" {
			windows = windows || m.Platform.OS == "windows"
			continue
		}
		if best == nil || rank(m.Platform) < rank(best.Platform) {
			best = &manifests[i]
		}
	}
	switch {
	case best != nil:
		return *best, nil
	case windows:
		return v1.Descriptor{}, errWindows
	}
	return v1.Descriptor{}, fmt.Errorf("%w: no entry for Linux", errNoImage)
}

// isAttestation tells whether BuildKit wrote m beside an image, to say how it was made.
func isAttestation(m v1.Descriptor) bool {
	return m.Annotations["vnd.docker.reference.type"] != "" || m.Platform != nil && m.Platform.OS == "unknown"
}

func rank(p *v1.Platform) int {
	switch {
	case p == nil:
		return 3
	case p.Architecture == "amd64":
		return 0
	case p.Architecture == "arm64":
		return 1
	}
	return 2
}
