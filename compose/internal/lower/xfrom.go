package lower

// places is an x-from: one reference, or a list of those that must agree.
func places(value any) (any, error) {
	if list, ok := value.([]any); ok {
		return wordList(list)
	}
	return text(value)
}
