package main

import (
	"bufio"
	"bytes"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/google/licensecheck"
)

// A module is a module that the program links.
type module struct {
	path, version string
	dir           string   // its files, in the module cache
	licenses      []string // SPDX names, sorted, without doubles
	texts         []text
}

// A text is a file that goes with a module: a licence or a notice.
type text struct {
	name    string
	content string
}

// systems are those whose builds may link other modules.
//
//nolint:gochecknoglobals // a table, never written
var systems = []string{"linux", "darwin", "windows"}

// linked returns the modules that the program pkg links on any system, sorted by path.
// It fails as go list does.
func linked(pkg string) ([]module, error) {
	found := map[string]module{}
	for _, system := range systems {
		cmd := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Version}}\t{{.Dir}}{{end}}{{end}}", pkg)
		cmd.Env = append(os.Environ(), "GOOS="+system, "GOARCH=amd64", "CGO_ENABLED=0")
		cmd.Stderr = os.Stderr
		out, err := cmd.Output()
		if err != nil {
			return nil, fmt.Errorf("go list for %s: %w", system, err)
		}
		lines := bufio.NewScanner(bytes.NewReader(out))
		for lines.Scan() {
			if part := strings.Split(lines.Text(), "\t"); len(part) == 3 {
				found[part[0]] = module{path: part[0], version: part[1], dir: part[2]}
			}
		}
	}
	var modules []module
	for _, path := range slices.Sorted(maps.Keys(found)) {
		modules = append(modules, found[path])
	}
	return modules, nil
}

// legalName matches the names of licences and notices. LICENSE.docs is one for pages,
// which no program contains.
var legalName = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|patents)([.-].*)?$`)

// read fills in m's texts and licences. It fails if there is none, or one that is not
// allowed.
func (m *module) read() error {
	entries, err := os.ReadDir(m.dir)
	if err != nil {
		return err
	}
	names := map[string]bool{}
	for _, entry := range entries {
		if entry.IsDir() || !legalName.MatchString(entry.Name()) || slices.Contains([]string{".go", ".docs"}, filepath.Ext(entry.Name())) {
			continue
		}
		content, err := os.ReadFile(filepath.Join(m.dir, entry.Name()))
		if err != nil {
			return err
		}
		m.texts = append(m.texts, text{entry.Name(), string(content)})
		if !strings.HasPrefix(strings.ToLower(entry.Name()), "licen") && !strings.HasPrefix(strings.ToLower(entry.Name()), "copying") {
			continue
		}
		for _, match := range licensecheck.Scan(content).Match {
			names[match.ID] = true
		}
	}
	m.licenses = slices.Sorted(maps.Keys(names))
	return m.check()
}

// check fails if m has no licence, or one that is not allowed. A module may be licensed
// in parts, so all of them are looked at.
func (m *module) check() error {
	if len(m.licenses) == 0 {
		return fmt.Errorf("%s@%s: no licence was recognised in %s", m.path, m.version, m.dir)
	}
	for _, license := range m.licenses {
		if !allowed[license] {
			return fmt.Errorf("%s@%s: the licence %s is not one that this program may use; see allowed in internal/licenses", m.path, m.version, license)
		}
	}
	return nil
}
