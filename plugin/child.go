package plugin

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/source"
	"github.com/docker-secrets/docker-secrets/swarm"
)

// checkFilled refuses what docker stack deploy would fill into a service from its own
// environment, which has variables that may hold passwords: DOCKER_AUTH_CONFIG, HTTP_PROXY.
// A default, or no text at all, asks for it as well as ${NAME} does. environ is the shell's.
func checkFilled(input stackfile.ChildInput, allowed, environ []string) error {
	var child []string
	for _, entry := range swarm.Environ(environ, nil) {
		name, _, _ := strings.Cut(entry, "=")
		child = append(child, name)
	}
	var faults []error
	for _, filled := range input.Names {
		if slices.Contains(child, filled.Name) && !swarm.Harmless(filled.Name) && !slices.Contains(allowed, filled.Name) {
			faults = append(faults, fmt.Errorf("%s: %s: docker stack deploy would write your %s into the service's specification; allow it with --inline %s, write a plain text instead, or remove it",
				filled.File, filled.Path, filled.Name, filled.Name))
		}
	}
	return errors.Join(faults...)
}

// heldFiles returns the marks of the files that docker stack deploy reads for the stack
// file, and an error for them unless somebody allowed them.
func heldFiles(input stackfile.ChildInput, file stackfile.Stack, judge *source.Judge) ([]source.Mark, error) {
	marks, held := judge.Files(input.Files)
	if held == nil {
		return marks, nil
	}
	return marks, &swarm.SourceError{Name: file.Files[0], From: "it", Reason: held.Reason()}
}
