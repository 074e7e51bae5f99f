package stamp

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/moby/sys/atomicwriter"

	"github.com/docker-secrets/docker-secrets/internal/regular"
)

// Ledger is what was found equal before, in a file that only its owner reads. The nil
// Ledger knows nothing and keeps nothing.
type Ledger struct {
	file    string
	began   time.Time
	stamps  map[string]string // by path, of this run; "" for none
	before  entries
	entries entries // of this run
}

// entries is the content of the file.
type entries struct {
	Program string            `json:"program"` // the stamp of the program, which reads the files: another one may read them otherwise
	Files   map[string]string `json:"files"`   // their stamps, by path
	Equal   map[string]equal  `json:"equal"`   // by source
}

// equal says that the value of a source, made of nothing but files, is that of object.
type equal struct {
	Files  []string `json:"files"`
	Object string   `json:"object"`
}

// Open reads the ledger in file, for a run that read no file before began. A ledger that
// cannot be read, or that another program wrote, is empty.
func Open(file, program string, began time.Time) *Ledger {
	l := &Ledger{file: file, began: began, stamps: map[string]string{}}
	l.entries = entries{Program: l.stamp(program), Files: map[string]string{}, Equal: map[string]equal{}}
	content, err := regular.Read(file)
	if err != nil || json.Unmarshal(content, &l.before) != nil || l.before.Program != l.entries.Program || l.entries.Program == "" {
		l.before = entries{}
	}
	return l
}

// Object returns the ID of the object that had the value of source, which is made of files;
// "" if a file changed since, or nothing is known. It is to be called after the files were
// read.
func (l *Ledger) Object(source string, files []string) string {
	if l == nil || len(files) == 0 {
		return ""
	}
	known := l.before.Equal[source]
	if !slices.Equal(known.Files, files) {
		return ""
	}
	for _, file := range files {
		if now := l.stamp(file); now == "" || now != l.before.Files[file] {
			return ""
		}
	}
	return known.Object
}

// Note remembers that object has the value of source, which this run read from files.
func (l *Ledger) Note(source string, files []string, object string) {
	if l == nil || len(files) == 0 || object == "" {
		return
	}
	for _, file := range files {
		if l.stamp(file) == "" {
			return
		}
	}
	for _, file := range files {
		l.entries.Files[file] = l.stamp(file)
	}
	l.entries.Equal[source] = equal{files, object}
}

// Save writes what this run noted in place of what was known. A ledger that cannot be
// written is none.
func (l *Ledger) Save() {
	if l == nil || l.entries.Program == "" {
		return
	}
	content, err := json.Marshal(l.entries)
	if err != nil {
		return
	}
	if old, missing := regular.Read(l.file); missing == nil && slices.Equal(old, content) {
		return
	}
	if err = os.MkdirAll(filepath.Dir(l.file), 0o700); err == nil {
		_ = atomicwriter.WriteFile(l.file, content, 0o600)
	}
}

// stamp returns a file's stamp, the same for the whole run.
func (l *Ledger) stamp(path string) string {
	stamp, known := l.stamps[path]
	if !known {
		stamp = of(path, l.began)
		l.stamps[path] = stamp
	}
	return stamp
}
