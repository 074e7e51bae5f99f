package swarm

// Decision says what becomes of a secret that runs with another value than the
// one wanted.
type Decision int

// The decisions. Without one, a changed value is a fault of the plan.
const (
	Undecided Decision = iota
	Rotate             // the value wanted takes over
	Keep               // what runs stays
)

// Options are the decisions that NewPlan cannot make itself.
type Options struct {
	Default Decision
	Decided map[string]Decision // by logical name, before Default
}

func (o Options) decision(name string) Decision {
	if decision, ok := o.Decided[name]; ok {
		return decision
	}
	return o.Default
}
