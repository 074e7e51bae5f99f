package swarm

// Holders returns the IDs of the secrets that are known to have the values of wants, by
// logical name: those that Compare, which learned what state knows, found equal and that
// come first, and those that Apply created as plan says.
func (p Plan) Holders(state State, wants []Want) map[string]string {
	holders := map[string]string{}
	for _, want := range wants {
		candidates := state.candidates(want)
		if want.Kind == Secret && len(candidates) > 0 && state.answers[question{Secret, want.Name, candidates[0].ID}] {
			holders[want.Name] = candidates[0].ID
		}
	}
	for _, op := range p.Ops {
		if op.Kind == Secret && op.Type == OpCreate && op.id != "" {
			holders[op.Secret] = op.id
		}
	}
	return holders
}
