package swarm

// Choice says what to do with a secret that runs with another value than the wanted one.
type Choice int

// The choices. Without one, a changed value is a fault of the plan.
const (
	NoChoice Choice = iota
	Rotate          // the value wanted takes over
	Keep            // what runs stays
)

// Consent holds the choices of a person about changed values, which NewPlan cannot make
// itself.
type Consent struct {
	Default Choice
	Secrets map[string]Choice // by logical name, before Default
}

func (c Consent) choice(name string) Choice {
	if choice, ok := c.Secrets[name]; ok {
		return choice
	}
	return c.Default
}
