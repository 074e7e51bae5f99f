package classify

import (
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/transform"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// traceCredentials finds the credentials of commands that Compose interpolates. The
// variable that gave the text is a secret, whatever its name.
func (c *classifier) traceCredentials() {
	for i, credential := range c.in.Credentials {
		for _, x := range c.in.Interpolated {
			switch {
			case !slices.Contains(credential.Uses, x.Name) || !x.Value.Equal(credential.Value):
			case c.public(x):
				c.freed[i] = true
			default:
				c.secretNames[x.Name] = true
			}
		}
	}
}

// public tells whether a rule says that x is no secret: a public key stays in clear
// even if a command sends it as a credential.
func (c *classifier) public(x Interpolated) bool {
	finding := c.policy.Judge(verdict.Candidate{Name: x.Name, Value: x.Value})
	return finding.CalledPlain() || strings.HasPrefix(finding.Rule, "veto:")
}

// credentialSources returns the credentials whose value nothing else in the
// application has. The others are the same secret as what has it.
func (c *classifier) credentialSources(known []source) []source {
	held := map[string]bool{}
	for _, s := range known {
		held[s.value.Reveal()] = true
	}
	var all []source
	for i, credential := range c.in.Credentials {
		if !c.freed[i] && !held[credential.Value.Reveal()] {
			all = append(all, source{base: transform.SecretName(credential.Service) + "_password", service: credential.Service, value: credential.Value, from: credential.From})
		}
	}
	return all
}
