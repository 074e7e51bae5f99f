package swarm

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/docker-secrets/docker-secrets/internal/regular"
)

// processIdentity names this process so that another one can tell whether it
// still lives: the boot of the machine, the process namespace, the process ID and
// when it started. It is "" where /proc does not say.
func processIdentity() string {
	place, ok := processPlace()
	start, alive := processStart(os.Getpid())
	if !ok || !alive {
		return ""
	}
	return fmt.Sprintf("%s/%d/%s", place, os.Getpid(), start)
}

// processDied reports whether identity is certainly a process that has ended.
func processDied(identity string) bool {
	pid, start, here := parseIdentity(identity)
	if !here {
		return false
	}
	now, alive := processStart(pid)
	return !alive || now != start
}

// processLives reports whether identity is certainly a process that still runs.
func processLives(identity string) bool {
	_, _, here := parseIdentity(identity)
	return here && !processDied(identity)
}

// parseIdentity takes an identity apart; here is false when it is of another
// machine, boot or namespace.
func parseIdentity(identity string) (pid int, start string, here bool) {
	place, ok := processPlace()
	rest, same := strings.CutPrefix(identity, place+"/")
	if !ok || !same {
		return 0, "", false
	}
	number, start, _ := strings.Cut(rest, "/")
	pid, err := strconv.Atoi(number)
	return pid, start, err == nil
}

func processPlace() (place string, ok bool) {
	boot, err := regular.Read("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return "", false
	}
	namespace, err := os.Readlink("/proc/self/ns/pid")
	if err != nil {
		return "", false
	}
	return strings.TrimSpace(string(boot)) + "/" + namespace, true
}

// processStart reads when pid started, in ticks since boot: field 22 of its stat.
// The name in field 2 may hold blanks and parentheses. A zombie is dead.
func processStart(pid int) (ticks string, alive bool) {
	stat, err := regular.Read(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return "", false
	}
	text := string(stat)
	fields := strings.Fields(text[strings.LastIndex(text, ")")+1:])
	if len(fields) < 20 || fields[0] == "Z" || fields[0] == "X" {
		return "", false
	}
	return fields[19], true
}
