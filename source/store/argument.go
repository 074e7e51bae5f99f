package store

import (
	"fmt"
	"strings"

	"github.com/docker-secrets/docker-secrets/secret"
)

// CheckArguments returns an error if ref has an argument that is not in known, has one
// twice, or has one without a value. The error lists known in the given order.
func CheckArguments(ref secret.Reference, known ...string) error {
	seen := map[string]bool{}
	for _, name := range known {
		seen[name] = false
	}
	for _, param := range ref.Query {
		switch again, isKnown := seen[param.Key]; {
		case !isKnown && len(known) == 0:
			return fmt.Errorf("unknown argument ?%s=; no arguments are supported", param.Key)
		case !isKnown:
			return fmt.Errorf("unknown argument ?%s=; supported: %s", param.Key, strings.Join(known, ", "))
		case again:
			return fmt.Errorf("the argument ?%s= is repeated; keep one", param.Key)
		case param.Value == "":
			return fmt.Errorf("the argument ?%s= is empty; give it a value or leave it out", param.Key)
		}
		seen[param.Key] = true
	}
	return nil
}

// Argument returns the value of ref's argument name, "" if it has none. Call it after
// CheckArguments, which rejects a second value.
func Argument(ref secret.Reference, name string) string {
	if values := ref.Param(name); len(values) > 0 {
		return values[0]
	}
	return ""
}
