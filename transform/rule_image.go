package transform

// imageRules ask what an image's documentation says about a variable.
//
//nolint:gochecknoglobals // a table, never written
var imageRules = []rule{
	{name: "image:secret", verdict: Secret, when: isImageSecret},
}

func isImageSecret(s *subject) bool {
	return s.image != "" && !isNothing(s.value) && imageSecret(s.image, s.name)
}
