package plugin

import "golang.org/x/sys/unix"

// closeProcess keeps the memory of this process to itself: no core dump is written, and
// no other process of the same user may read it or attach to it (prctl(2),
// PR_SET_DUMPABLE). Root still may. Programs that are started get the limit of the core
// dump and no more. Failures are of kernels that forbid the calls, where nothing is lost.
func closeProcess() {
	_ = unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0)
	_ = unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{})
}
