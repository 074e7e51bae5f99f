package enginetest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"time"
)

// needed are the programs that an engine consists of.
//
//nolint:gochecknoglobals // a table, never written
var needed = []string{"dockerd", "containerd", "iptables", "ip", "mount", "nsenter", "busybox"}

// inside runs in the new namespaces as their first process, and dockerd below it, again
// when there is a file that says so. /run is hidden so that dockerd finds no containerd of the
// machine and shares no lock with its Engine.
const inside = `mount --make-rprivate / && mount -t proc none /proc && mount -t tmpfs none /run && ip link set lo up && echo "$0" >/proc/sys/kernel/hostname || exit 1
again=$1; shift
"$@"
while rm "$again" 2>/dev/null; do "$@"; done`

func whatIsMissing() string {
	if os.Geteuid() != 0 {
		return "not root"
	}
	for _, program := range needed {
		if _, err := exec.LookPath(program); err != nil {
			return program + " is not installed (Debian: apt-get install docker.io iptables iproute2 busybox-static)"
		}
	}
	return ""
}

// startDaemon runs dockerd with everything it writes below dir and returns its
// process ID and what ends it. It does not wait until the daemon answers. With a root
// the daemon is the one there and has it as its /; "" is the machine's own.
func startDaemon(dir, root string) (pid int, kill func(), err error) {
	config := filepath.Join(dir, "daemon.json")
	if err = os.WriteFile(config, []byte("{}"), 0o600); err != nil {
		return 0, nil, err
	}
	output, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		return 0, nil, err
	}
	group := filepath.Base(dir)
	cmd := exec.Command("sh", append(inNamespaces(dir, root, group), "--exec-opt", "native.cgroupdriver=cgroupfs", "--cgroup-parent", "/"+group)...)
	cmd.Stdout, cmd.Stderr = output, output
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags: syscall.CLONE_NEWNS | syscall.CLONE_NEWPID | syscall.CLONE_NEWNET | syscall.CLONE_NEWUTS,
		Pdeathsig:  syscall.SIGKILL,
	}
	ended, err := startOnOwnThread(cmd)
	_ = output.Close()
	if err != nil {
		return 0, nil, fmt.Errorf("start dockerd: %w", err)
	}
	return cmd.Process.Pid, func() {
		_ = cmd.Process.Kill()
		<-ended
		removeGroups(group)
	}, nil
}

// inNamespaces returns the arguments of a shell that becomes dockerd.
func inNamespaces(dir, root, group string) []string {
	args := []string{"-c", inside, group, filepath.Join(dir, restartFile)}
	if root != "" {
		args = []string{"-c", insideRoot, group, root, dir, mounted}
		dir = mounted
	}
	return append(args, "dockerd",
		"--host", "unix://"+filepath.Join(dir, "docker.sock"),
		"--data-root", filepath.Join(dir, "data"), "--exec-root", filepath.Join(dir, "exec"),
		"--pidfile", filepath.Join(dir, "pid"), "--config-file", filepath.Join(dir, "daemon.json"))
}

// startNetwork makes a network namespace with nothing in it, which lasts until
// kill, and returns the ID of the process that holds it.
func startNetwork() (pid int, kill func(), err error) {
	cmd := exec.Command("sleep", "infinity")
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET, Pdeathsig: syscall.SIGKILL}
	ended, err := startOnOwnThread(cmd)
	if err != nil {
		return 0, nil, err
	}
	return cmd.Process.Pid, func() {
		_ = cmd.Process.Kill()
		<-ended
	}, nil
}

// startOnOwnThread starts cmd from a thread that lives as long as cmd does:
// Pdeathsig is sent when the thread ends, not the process.
func startOnOwnThread(cmd *exec.Cmd) (ended <-chan struct{}, err error) {
	started, done := make(chan error), make(chan struct{})
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		defer close(done)
		startErr := cmd.Start()
		started <- startErr
		if startErr == nil {
			_ = cmd.Wait()
		}
	}()
	return done, <-started
}

// removeGroups removes the empty control groups that a killed daemon leaves.
// Their last processes may need a moment to go.
func removeGroups(group string) {
	deadline := time.Now().Add(2 * time.Second)
	for {
		left, _ := filepath.Glob("/sys/fs/cgroup/*/" + group)
		if _, err := os.Stat("/sys/fs/cgroup/" + group); err == nil {
			left = append(left, "/sys/fs/cgroup/"+group)
		}
		for _, path := range left {
			children, _ := filepath.Glob(path + "/*") // files too, which Rmdir refuses
			for _, child := range children {
				_ = syscall.Rmdir(child)
			}
			_ = syscall.Rmdir(path)
		}
		if len(left) == 0 || time.Now().After(deadline) {
			return
		}
		time.Sleep(10 * time.Millisecond) // no event tells that a process has left its group
	}
}
