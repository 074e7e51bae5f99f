package plugin

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/docker-secrets/docker-secrets/internal/filetest"
)

// head is the start of a compose file, up to the keys of a service.
const head = "services:\n  a:\n    image: nginx:1\n"

// canary is in every file that is too large, and must not be in an error.
const canary = "kR7xT2mB9vQ4"

// A largeApplication is its files, and a part of the error about them.
type largeApplication struct {
	files map[string]string
	want  string
}

// tooLarge returns applications that would take minutes or all memory, and what is said of
// them. They are made when they are needed: scripts run this test binary as the program.
func tooLarge() map[string]largeApplication {
	return map[string]largeApplication{
		"a scalar of 15 MB":                 {map[string]string{"c.yml": head + "    environment:\n      A: " + strings.Repeat(canary, 1_250_000)}, "c.yml:5: a text of more than 4 MiB"},
		"a million short variables":         {map[string]string{"c.yml": head + "    environment:\n" + numbered(1_000_000, "     V%x:\n")}, "c.yml:600002: more than 600,000 lines"},
		"a million items in one line":       {map[string]string{"c.yml": head + "    command: [" + strings.Repeat("x,", 1_000_000) + "]\n"}, "c.yml:4: more than 600,000 lines, commas and brackets"},
		"a million variables in .env":       {map[string]string{"c.yml": head, ".env": numbered(1_000_000, "V%d="+canary+"\n")[:16<<20]}, ".env:100001: more than 100,000 lines"},
		"a million variables in env_file":   {map[string]string{"c.yml": head + "    env_file: [{path: e, format: raw}]\n", "e": numbered(1_000_000, "V%d=x\n")}, "e:100001: more than 100,000 lines"},
		"a range of all ports":              {map[string]string{"c.yml": head + "    ports: ['1-65535:1-65535']\n"}, "c.yml:4: services.a.ports: more than 20,000 ports"},
		"a range of all ports by a name":    {map[string]string{"c.yml": head + "    ports: ['${P}:${P}/udp']\n", ".env": "P=1-65535\n"}, "c.yml:4: services.a.ports: more than 20,000 ports"},
		"a range of all ports of a base":    {map[string]string{"c.yml": "services: {a: {extends: {file: b.yml, service: a}}}\n", "b.yml": head + "    ports: ['1-65535:1-65535']\n"}, "b.yml:4: services.a.ports: more than 20,000 ports"},
		"all ports one by one":              {map[string]string{"c.yml": head + "    ports:\n" + numbered(65_535, "    - %[1]d:%[1]d\n")}, "c.yml:20005: services.a.ports: more than 20,000 ports"},
		"65,536 includes":                   {map[string]string{"c.yml": "include:\n" + numbered(65_536, "  - i.yml #%d\n") + head, "i.yml": "services: {}\n"}, "c.yml:1002: include: more than 1,000 compose files"},
		"sixteen times two includes":        {includes(16), "include: more than 1,000 compose files"},
		"defaults in defaults":              {map[string]string{"c.yml": head + "    environment:\n      A: \"" + defaults(20_000) + "\"\n"}, "c.yml:5: services.a.environment.A: more than 50 ${ inside of each other"},
		"defaults in defaults, not closed":  {map[string]string{"c.yml": "services:\n  a:\n    image: \"" + defaults(20_000) + "\"\n"}, "c.yml:3: services.a.image: more than 50 ${ inside of each other"},
		"defaults in defaults of .env":      {map[string]string{"c.yml": head, ".env": "X=x\nA=" + defaults(20_000)}, ".env:2: more than 50 ${ inside of each other"},
		"defaults in defaults of env_file":  {map[string]string{"c.yml": head + "    env_file: e\n", "e": "A=" + defaults(20_000)}, "e:1: more than 50 ${ inside of each other"},
		"thirty doublings in .env":          {map[string]string{"c.yml": head + "    environment: {A: '${V30}'}\n", ".env": doublings()}, ".env: more than 16 MiB when its variables are replaced"},
		"thirty doublings in env_file":      {map[string]string{"c.yml": head + "    env_file: e\n", "e": doublings()}, "e: more than 16 MiB when its variables are replaced"},
		"a long value many times":           {map[string]string{"c.yml": head + "    environment:\n      A: " + strings.Repeat("${V}", 1_000) + "\n", ".env": "V=" + strings.Repeat(canary, 10_000)}, "c.yml:5: services.a.environment.A: more than 16 MiB when its variables are replaced"},
		"a long value in many places":       {map[string]string{"c.yml": head + "    environment:\n" + numbered(1_000, "      A%d: ${V}\n"), ".env": "V=" + strings.Repeat(canary, 10_000)}, "more than 16 MiB when its variables are replaced"},
		"aliases of aliases":                {map[string]string{"c.yml": bomb() + head + "    command: *a9\n"}, "c.yml:7: more than 1,000,000 keys and values"},
		"aliases of aliases, in a base":     {map[string]string{"c.yml": "services: {a: {extends: {file: b.yml, service: a}}}\n", "b.yml": bomb() + head}, "b.yml:7: more than 1,000,000 keys and values"},
		"aliases of aliases, included":      {map[string]string{"c.yml": "include: [i.yml]\n", "i.yml": bomb() + head}, "i.yml:7: more than 1,000,000 keys and values"},
		"aliases that include what they do": {map[string]string{"c.yml": "x-a: &a\n  b: *a\n" + head}, "c.yml:2: an alias refers to a node that contains it"},
		"merges of merges":                  {map[string]string{"c.yml": merges() + head}, "more than 1,000,000 keys and values"},
		"lists in lists, 50,000":            {map[string]string{"c.yml": head + "    x-y: " + strings.Repeat("[", 50_000) + strings.Repeat("]", 50_000) + "\n"}, "c.yml:4: not valid YAML: exceeded max depth"},
		"lists in lists, 5,000":             {map[string]string{"c.yml": head + "    x-y: " + strings.Repeat("[", 5_000) + strings.Repeat("]", 5_000) + "\n"}, "c.yml:4: more than 100 mappings and lists inside of each other"},
	}
}

// numbered returns format with the numbers from 1 to n.
func numbered(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i+1)
	}
	return b.String()
}

func defaults(depth int) string {
	return strings.Repeat("${A:-", depth) + canary + strings.Repeat("}", depth)
}

// doublings are variables of which each holds the one above twice.
func doublings() string {
	text := "V0=" + canary + "\n"
	for i := range 30 {
		text += fmt.Sprintf("V%d=${V%d}${V%d}\n", i+1, i, i)
	}
	return text
}

// bomb is nine levels of lists with nine aliases each.
func bomb() string {
	text := "x-a: &a0 [a, b, c, d, e, f, g, h, i]\n"
	for i := range 9 {
		text += fmt.Sprintf("x-b%d: &a%d [%s]\n", i, i+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d,", i), 9), ","))
	}
	return text
}

// merges is fourteen levels of mappings that merge the one above three times.
func merges() string {
	text := "x-m0: &m0 {k: x}\n"
	for i := range 14 {
		text += fmt.Sprintf("x-m%d: &m%d {<<: [*m%d, *m%d, *m%d]}\n", i+1, i+1, i, i, i)
	}
	return text
}

// includes are files of which each includes the next one twice.
func includes(depth int) map[string]string {
	files := map[string]string{"c.yml": "include: [i0.yml, i0.yml]\n" + head}
	for i := range depth {
		files[fmt.Sprintf("i%d.yml", i)] = fmt.Sprintf("include: [i%d.yml, i%d.yml]\n", i+1, i+1)
	}
	files[fmt.Sprintf("i%d.yml", depth)] = "volumes: {}\n"
	return files
}

// What is too large must be an error that says what the limit is, in 512 MiB of memory and
// without a value.
func TestTooLarge(t *testing.T) {
	for name, c := range tooLarge() {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for file, text := range c.files {
				filetest.Write(t, dir, file, text)
			}
			code, said := inLittleMemory(t, dir, "migrate", "--offline", "-f", "c.yml")
			if first, _, _ := strings.Cut(said, "\n"); code != exitFailed || !strings.Contains(first, c.want) {
				t.Errorf("exit code %d, %.300q; want %q", code, strings.ReplaceAll(said, canary, "VALUE"), c.want)
			}
			if strings.Contains(said, canary) {
				t.Error("the error shows a value")
			}
		})
	}
}

// What is large and still usual must be no error.
func TestNotTooLarge(t *testing.T) {
	if testing.Short() {
		t.Skip("thousands of ports and variables take a while")
	}
	for name, text := range map[string]string{
		"the ports of a media server": head + "    ports: ['16384-18384:16384-18384/udp']\n",
		"2,000 variables":             head + "    environment:\n" + numbered(2_000, "      V%d: x\n"),
		"ten defaults":                head + "    environment:\n      A: '" + defaults(10) + "'\n",
		"an alias for 300 services":   "x-e: &e {A: x, B: x, C: x}\nservices:\n" + numbered(300, "  s%d: {image: i, environment: *e}\n"),
	} {
		dir := t.TempDir()
		filetest.Write(t, dir, "c.yml", text)
		if code, said := inLittleMemory(t, dir, "migrate", "--offline", "-f", "c.yml"); code != 0 {
			t.Errorf("%s: exit code %d, %.300q", name, code, strings.ReplaceAll(said, canary, "VALUE"))
		}
	}
}

// inLittleMemory runs the program in dir with 512 MiB of memory: with the race detector,
// which needs a multiple, with as much as it wants. It returns the exit code and what was
// written.
func inLittleMemory(t *testing.T, dir string, args ...string) (code int, said string) {
	t.Helper()
	program := linkedProgram(t)
	limit := "ulimit -d 524288; "
	if withRaceDetector {
		limit = ""
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	var output bytes.Buffer
	cmd := exec.CommandContext(ctx, "sh", append([]string{"-c", limit + `exec "$@"`, "sh", program}, args...)...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &output, &output
	err := cmd.Run()
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), output.String()
}
