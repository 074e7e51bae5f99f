package image

import (
	"strings"

	"github.com/google/go-containerregistry/pkg/name"
)

// Name is the full name of image, which is the same for every way to write it: redis,
// redis:latest and docker.io/library/redis are one. What is not a name stays as it is.
func Name(image string) string {
	ref, err := name.ParseReference(image, name.WeakValidation)
	if err != nil {
		return image
	}
	return ref.Name()
}

// compareNames orders names of images by their length first, so that of several for one
// image the shortest is used.
func compareNames(a, b string) int {
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return strings.Compare(a, b)
}
