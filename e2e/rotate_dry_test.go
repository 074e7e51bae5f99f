package e2e

import "testing"

// A dry run of rotate must show the plan also where something has to be decided first.
func TestDryRunOfRotateShowsPlanWithFault(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.deployed("dried", stays)
	r.write("weak.env", "TOKEN=changeme\n")
	rotate := []string{"secrets", "rotate", "dried", "dried_token", "--from", "dotenv://weak.env#TOKEN"}
	r.proxy.Reset()
	r.says(r.docker(append(rotate, "--dry-run")...), 3, "create dried_token_v2, value changed, needs --allow-weak", "weak or default value")
	r.says(r.docker(rotate...), 1, "weak or default value")
	if writes := r.proxy.Writes(); len(writes) > 0 {
		t.Errorf("something was changed: %v", writes)
	}
}
