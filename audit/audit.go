// Package audit keeps the record of what was done to secrets: one JSON line an
// operation, appended to a file or sent to syslog. A Log is opened, and its first line
// written, before anything is done, so that a record that cannot be kept stops the work
// and does not follow it.
//
// It does not know what the operations are. An Entry has no field for a value.
package audit

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"sync"
	"time"
)

// Results of an entry. A command's own result may be another word, such as "rolled back".
const (
	Begun  = "begun"
	Done   = "done"
	Failed = "failed"
)

// Entry is one operation, or the beginning or end of the command that it belongs to.
type Entry struct {
	Time      time.Time `json:"time"`
	Who       string    `json:"who"`               // alice@build-7
	Context   string    `json:"context,omitempty"` // of the docker CLI
	Stack     string    `json:"stack,omitempty"`
	Command   string    `json:"command"`             // deploy, rotate, prune or push
	Operation string    `json:"operation,omitempty"` // create, use, remove, …; "" for the command itself
	Kind      string    `json:"kind,omitempty"`      // secret or config
	Secret    string    `json:"secret,omitempty"`    // the logical name
	Version   string    `json:"version,omitempty"`   // the object on the Swarm, or the place in a manager
	From      string    `json:"from,omitempty"`      // where the value came from
	Result    string    `json:"result"`
}

// Log is an open record. Its methods may be called at the same time.
type Log struct {
	mu     sync.Mutex
	target string
	w      io.WriteCloser
	sync   func() error
}

// Open opens target for appending: the path of a file, which is made readable for its
// owner only, "syslog:" for this machine's syslog, or syslog://HOST:PORT and
// syslog+tcp://HOST:PORT for another one's.
func Open(target string) (*Log, error) {
	if scheme, address, found := strings.Cut(target, ":"); found && (scheme == "syslog" || scheme == "syslog+tcp") {
		w, err := openSyslog(scheme, strings.TrimPrefix(address, "//"))
		if err != nil {
			return nil, fmt.Errorf("%s: no syslog answers; nothing was done", target)
		}
		return &Log{target: target, w: w, sync: func() error { return nil }}, nil
	}
	file, err := os.OpenFile(target, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be opened for the audit log: %w; nothing was done", target, pathless(err))
	}
	return &Log{target: target, w: file, sync: file.Sync}, nil
}

// pathless is err without the path that it repeats.
func pathless(err error) error {
	if pathErr, ok := errors.AsType[*fs.PathError](err); ok {
		return pathErr.Err
	}
	return err
}

// Append writes e as one line, which is on the disk when Append returns.
func (l *Log) Append(e Entry) error {
	line, err := json.Marshal(e)
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, err = l.w.Write(append(line, '\n')); err == nil {
		err = l.sync()
	}
	// What cannot be synced, such as a pipe, is not on a disk.
	if err != nil && !isUnsyncable(err) {
		return fmt.Errorf("the audit log %s cannot be written: %w", l.target, pathless(err))
	}
	return nil
}

// Close closes the log.
func (l *Log) Close() error { return l.w.Close() }

// Read returns the entries in r that are about stack, in their order; those of every
// stack if that is "". skipped is how many lines are no entries.
func Read(r io.Reader, stack string) (entries []Entry, skipped int, err error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var e Entry
		if json.Unmarshal(lines.Bytes(), &e) != nil || e.Command == "" {
			skipped++
			continue
		}
		if stack == "" || e.Stack == stack {
			entries = append(entries, e)
		}
	}
	return entries, skipped, lines.Err()
}
