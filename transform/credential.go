package transform

// traceCredentials finds the credentials of commands that Compose interpolates:
// the variable which gave the text is a secret then, whatever it is called.
func (c *classifier) traceCredentials() {
	for _, one := range c.in.Credentials {
		for _, x := range c.in.Interpolated {
			if contains(one.Uses, x.Name) && x.Value.Equal(one.Value) {
				c.secretNames[x.Name] = true
			}
		}
	}
}

// credentialSources are the credentials whose value nothing else of the
// application holds. The others are the same secret as what holds it.
func (c *classifier) credentialSources(known []source) []source {
	held := map[string]bool{}
	for _, s := range known {
		held[s.value.Reveal()] = true
	}
	var all []source
	for _, one := range c.in.Credentials {
		if !held[one.Value.Reveal()] {
			all = append(all, source{base: secretName(one.Service) + "_password", service: one.Service, value: one.Value, from: one.From})
		}
	}
	return all
}

func contains(list []string, item string) bool {
	for _, one := range list {
		if one == item {
			return true
		}
	}
	return false
}
