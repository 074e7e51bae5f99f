package lower

// places returns an x-from: as one reference, or as a list of references that must agree.
func places(value any) (any, error) {
	if list, ok := value.([]any); ok {
		return wordList(list)
	}
	return text(value)
}
