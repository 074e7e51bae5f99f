package verdict

import (
	"strings"

	"github.com/docker-secrets/docker-secrets/transform"
)

// JudgeKey judges a scalar that has a key of several parts instead of a variable's
// name: a label, an option of a log or a volume driver, an annotation, a sysctl. Name
// is the whole key, which the user's globs are compared with; the rules ask its last
// part, since the others name whose it is: "enabled" of app.password-manager.enabled.
//
// A label's value is also a text that can hold a credential: Credentials says where.
func (p Policy) JudgeKey(c Candidate) transform.Finding {
	if f, ok := p.decided(c); ok {
		return f
	}
	c.Name = lastPart(c.Name)
	return Policy{}.Judge(c)
}

// lastPart returns the part of key after its last '.', '/' or ':', with the parts before
// it if it only modifies them: smtp.password.value.
func lastPart(key string) string {
	end := len(key)
	for end > 0 {
		i := strings.LastIndexAny(key[:end], "./:")
		words := splitWords(key[i+1 : end])
		if i < 0 || len(words) > 0 && !allModify(words) {
			return key[i+1:]
		}
		end = i
	}
	return key
}

func allModify(words []string) bool {
	for _, word := range words {
		if !modifiers[word] && !isNumber(word) {
			return false
		}
	}
	return true
}
