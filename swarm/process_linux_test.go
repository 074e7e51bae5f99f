package swarm

import "testing"

// A process must be told dead from alive, and one of elsewhere from both.
func TestProcessIsToldDeadFromAlive(t *testing.T) {
	me := processIdentity()
	if me == "" {
		t.Skip("this system does not tell")
	}
	if !processLives(me) || processDied(me) {
		t.Errorf("%s does not live", me)
	}
	place, _ := processPlace()
	gone := place + "/999999999/1"
	for _, identity := range []string{gone, me + "0"} {
		if processLives(identity) || !processDied(identity) {
			t.Errorf("%s lives", identity)
		}
	}
	for _, identity := range []string{"", "another-boot/pid:[1]/1/1"} {
		if processLives(identity) || processDied(identity) {
			t.Errorf("%q is known", identity)
		}
	}
}
