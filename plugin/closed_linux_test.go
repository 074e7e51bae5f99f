package plugin

import (
	"testing"

	"golang.org/x/sys/unix"
)

func TestCloseProcess(t *testing.T) {
	// A process that holds values must not be dumpable, and must leave no core file.
	before, err := unix.PrctlRetInt(unix.PR_GET_DUMPABLE, 0, 0, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	var limit unix.Rlimit
	if err = unix.Getrlimit(unix.RLIMIT_CORE, &limit); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = unix.Prctl(unix.PR_SET_DUMPABLE, uintptr(before), 0, 0, 0) })
	closeProcess()
	after, err := unix.PrctlRetInt(unix.PR_GET_DUMPABLE, 0, 0, 0, 0)
	if err != nil || after != 0 {
		t.Errorf("PR_GET_DUMPABLE is %d, %v; want 0", after, err)
	}
	if err = unix.Getrlimit(unix.RLIMIT_CORE, &limit); err != nil || limit.Cur != 0 || limit.Max != 0 {
		t.Errorf("the limit of core files is %+v, %v; want 0", limit, err)
	}
}
