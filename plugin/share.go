package plugin

import (
	"errors"
	"fmt"
	"slices"

	"github.com/docker-secrets/docker-secrets/compose/stackfile"
)

// checkShare refuses names of --share that file has no secret of.
func (d *deployment) checkShare(file stackfile.Stack) error {
	var faults []error
	for _, name := range d.options.share {
		if !slices.ContainsFunc(file.Objects, func(o stackfile.Object) bool { return o.Name == name && !o.Config }) {
			faults = append(faults, fmt.Errorf("--share %s: the stack file has no such secret", name))
		}
	}
	return errors.Join(faults...)
}
