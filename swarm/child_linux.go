package swarm

import (
	"os"
	"os/exec"
	"runtime"
	"syscall"
)

// runTied runs cmd so that the kernel kills it when this process dies, by
// SIGKILL too. The kernel watches the thread that started the child, so that
// thread is kept until the child ended.
//
// The child stays in this process's group: it may ask for an SSH passphrase on
// the terminal, which a group of its own could not.
func runTied(cmd *exec.Cmd) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	result := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		result <- cmd.Run()
	}()
	return <-result
}

func terminate(process *os.Process) error { return process.Signal(syscall.SIGTERM) }
