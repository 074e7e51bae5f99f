//go:build !linux

package swarm

import (
	"os"
	"os/exec"
	"runtime"
)

// runTied runs cmd. Only Linux can end a child with its parent.
func runTied(cmd *exec.Cmd) error { return cmd.Run() }

func terminate(process *os.Process) error {
	if runtime.GOOS == "windows" {
		return process.Kill()
	}
	return process.Signal(os.Interrupt)
}
