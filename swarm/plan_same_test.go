package swarm

import "testing"

// Two plans must be the same when they do the same to the same versions, whatever
// their lines say, and differ in what they do, to what, or to which version of it.
func TestPlanSame(t *testing.T) {
	op := Op{Type: OpCreate, Name: "pw_v2", Secret: "pw", Cause: "value changed", Changed: true, version: 2}
	for _, tt := range []struct {
		name   string
		change func(*Op)
		same   bool
	}{
		{"nothing", func(*Op) {}, true},
		{"cause", func(o *Op) { o.Cause = "value changed 3 days ago" }, true},
		{"services", func(o *Op) { o.Services = []string{"web"} }, true},
		{"operation", func(o *Op) { o.Type = OpUse }, false},
		{"kind", func(o *Op) { o.Kind = Config }, false},
		{"object", func(o *Op) { o.Name = "pw_v3" }, false},
		{"secret", func(o *Op) { o.Secret = "password" }, false},
		{"version", func(o *Op) { o.version = 3 }, false},
		{"whether what runs changes", func(o *Op) { o.Changed = false }, false},
	} {
		other := op
		tt.change(&other)
		if got := (Plan{Ops: []Op{op}}).Same(Plan{Ops: []Op{other}}); got != tt.same {
			t.Errorf("another %s: the same %v, want %v", tt.name, got, tt.same)
		}
	}
	if (Plan{Ops: []Op{op}}).Same(Plan{}) {
		t.Error("a plan is the same as an empty one")
	}
}
