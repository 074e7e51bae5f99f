package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// application is a generated application of many services with 20 variables each.
type application struct {
	name     string
	label    string // for the page
	services int
	hard     bool // nearly every text has a variable in it
	files    int  // that are merged: the second one changes every service
	peers    bool // they are run too
}

func applications() []application {
	return []application{
		{name: "plain-10", label: "10 services", services: 10, files: 1, peers: true},
		{name: "plain-100", label: "100 services", services: 100, files: 1, peers: true},
		{name: "plain-1000", label: "1,000 services", services: 1000, files: 1, peers: true},
		{name: "hard-100", label: "100 services, all texts interpolated", services: 100, hard: true, files: 1, peers: true},
		{name: "hard-1000", label: "1,000 services, all texts interpolated", services: 1000, hard: true, files: 1, peers: true},
		{name: "two-100", label: "100 services, two merged files", services: 100, files: 2, peers: true},
		{name: "plain-2000", label: "2,000 services", services: 2000, files: 1},
		{name: "plain-4000", label: "4,000 services", services: 4000, files: 1},
	}
}

// paths are the application's files, relative to its folder.
func (a application) paths() []string {
	return []string{"docker-compose.yml", "more.yml"}[:a.files]
}

// write generates the files in folder.
func (a application) write(folder string) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	for i, path := range a.paths() {
		text := a.text()
		if i > 0 {
			text = a.changes()
		}
		if err := os.WriteFile(filepath.Join(folder, path), []byte(text), 0o600); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(folder, ".env"), []byte(a.environment()), 0o600)
}

const (
	passwords = 100 // services share one in so many
	settings  = 50
)

func (a application) text() string {
	var b strings.Builder
	b.WriteString("services:\n")
	for i := range a.services {
		fmt.Fprintf(&b, "  service%05d:\n    image: registry.example.com/app%d:1.%d\n", i, i%7, i%5)
		if a.hard {
			fmt.Fprintf(&b, "    command: [/bin/app, --port, \"${PORT_%[1]d:-8080}\", --name, \"${NAME_%[1]d:-app}\"]\n", i%settings)
			fmt.Fprintf(&b, "    labels:\n      example.host: ${HOST_%[1]d:-a.example.com}\n      example.team: ${TEAM_%[1]d:-ops}\n", i%settings)
			fmt.Fprintf(&b, "    ports: [\"${PORT_%d:-%d}:%d\"]\n", i%settings, 10000+i, 8000+i%1000)
		} else {
			fmt.Fprintf(&b, "    ports: [\"%d:80\"]\n", 10000+i)
		}
		if i > 0 {
			b.WriteString("    depends_on: [service00000]\n")
		}
		a.variables(&b, i)
	}
	return b.String()
}

// variables writes what service i has: two passwords, four settings with a default, and
// words; where all is interpolated, settings only.
func (a application) variables(b *strings.Builder, i int) {
	b.WriteString("    environment:\n")
	for v := range 20 {
		switch {
		case v < 2:
			fmt.Fprintf(b, "      APP_PASSWORD_%d: ${PASSWORD_%d_%d}\n", v, i%passwords, v)
		case v < 6 || a.hard:
			fmt.Fprintf(b, "      SETTING_%[1]d: \"${SETTING_%[2]d_%[1]d:-value-%[3]d-%[1]d}\"\n", v, i%settings, i)
		default:
			fmt.Fprintf(b, "      OPTION_%[1]d: option %[2]d %[1]d\n", v, i)
		}
	}
}

// changes is a second file, for all services.
func (a application) changes() string {
	var b strings.Builder
	b.WriteString("services:\n")
	for i := range a.services {
		fmt.Fprintf(&b, "  service%05d:\n    environment:\n      OPTION_7: changed %d\n      LOG_LEVEL: info\n", i, i)
	}
	return b.String()
}

func (a application) environment() string {
	var b strings.Builder
	for i := range min(a.services, passwords) {
		fmt.Fprintf(&b, "PASSWORD_%[1]d_0=invented%[1]dKx8Qm2Lw\nPASSWORD_%[1]d_1=other%[1]dTz5Rb9Hn\n", i)
	}
	return b.String()
}
