package plugin

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A reason that many values share, such as a login, must be said once, and others each
// with its secret.
func TestCommonReasonIsSaidOnce(t *testing.T) {
	var faults lookupFaults
	for i := range 7 {
		faults.add(fmt.Sprintf("key_%d", i), fmt.Errorf("awssecrets://shop/key_%d: no login; log in", i))
	}
	faults.add("led_there", errors.New("env://LED_THERE: awssecrets://shop/x: no login; log in"))
	faults.add("locked", errors.New("vault://shop#/locked: access denied: you may not read it"))
	faults.add("big", errors.New("file://big file: cannot be read; check its permissions"))
	const want = "key_0, key_1, key_2, key_3, key_4 and 3 more: awssecrets://: no login; log in\n" +
		"locked: vault://shop#/locked: access denied: you may not read it\n" +
		"big: file://big file: cannot be read; check its permissions"
	if diff := cmp.Diff(want, faults.join().Error()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if err := new(lookupFaults).join(); err != nil {
		t.Errorf("no fault is %v", err)
	}
}
