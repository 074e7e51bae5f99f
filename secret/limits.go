package secret

import (
	"fmt"
	"regexp"
)

// Limits of the Swarm, in bytes: swarmkit's api/validation/secrets.go and
// manager/controlapi/config.go.
const (
	MaxSize       = 500*1024 - 1
	MaxConfigSize = 1000*1024 - 1
	MaxNameLen    = 64
)

var validName = regexp.MustCompile(`^[a-zA-Z0-9]+(?:[a-zA-Z0-9-_.]*[a-zA-Z0-9])?$`)

// CheckName says in an error why the Swarm would refuse name for a secret or a
// config, or returns nil.
func CheckName(name string) error {
	if len(name) > MaxNameLen {
		return fmt.Errorf("%s: the name has %d characters, Swarm takes %d; give a shorter one with name: or --prefix", name, len(name), MaxNameLen)
	}
	if !validName.MatchString(name) {
		return fmt.Errorf("%q: Swarm takes names of letters, digits, '-', '_' and '.', with a letter or digit first and last", name)
	}
	return nil
}

// MaxServiceNameLen is the limit for services and networks: swarmkit's
// manager/controlapi/common.go.
const MaxServiceNameLen = 63

// validServiceName is a DNS name component as swarmkit has it.
var validServiceName = regexp.MustCompile(`^[a-zA-Z0-9](?:[-_]*[A-Za-z0-9]+)*$`)

// CheckServiceName says in an error why the Swarm would refuse name for a service or a
// network, or returns nil.
func CheckServiceName(name string) error {
	if len(name) > MaxServiceNameLen {
		return fmt.Errorf("%s: the name has %d characters, Swarm takes %d; choose a shorter one", name, len(name), MaxServiceNameLen)
	}
	if !validServiceName.MatchString(name) {
		return fmt.Errorf("%q: Swarm takes names of letters, digits, '-' and '_', with a letter or digit first and last", name)
	}
	return nil
}
