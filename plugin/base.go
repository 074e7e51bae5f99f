package plugin

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// The bases in secret managers that --from and --to name.

// checkBase rejects the value of flag if names cannot be appended to it; "" means no
// base.
func checkBase(cmd *cobra.Command, flag, base string) error {
	if base == "" {
		return nil
	}
	if _, err := source.ParseBase(base); err != nil {
		return usageError(cmd, flag+": "+err.Error())
	}
	return nil
}

// storeOf returns the secret manager that base lies in.
func storeOf(base source.Base) (store.Store, error) {
	var known []string
	for _, store := range source.Stores() {
		if store.Scheme() == base.Reference().Scheme {
			return store, nil
		}
		known = append(known, store.Scheme()+"://")
	}
	return nil, fmt.Errorf("--to: values can be written to %s, and not to %s://", strings.Join(known, ", "), base.Reference().Scheme)
}

// doubles fails if two secrets have the same place, which happens if the manager allows
// fewer names than Swarm. places are those of names, in the same order.
func doubles(names []string, places []secret.Reference) error {
	var faults []error
	first := map[string]string{}
	for i, name := range names {
		ref := places[i].String()
		if other, taken := first[ref]; taken {
			faults = append(faults, fmt.Errorf("%s: %s would be at %s too; rename one of them", name, other, ref))
			continue
		}
		first[ref] = name
	}
	return errors.Join(faults...)
}
