package verdict

import (
	"github.com/docker-secrets/docker-secrets/transform"
	"github.com/docker-secrets/docker-secrets/transform/images"
)

// imageRules use what the documentation of an image says about a variable.
//
//nolint:gochecknoglobals // a table, never written
var imageRules = []rule{
	{name: "image:secret", verdict: transform.Secret, when: isImageSecret},
}

func isImageSecret(s *subject) bool {
	return s.image != "" && !isNothing(s.value) && images.IsSecret(s.image, s.name)
}
