//go:build unix

package main_test

import (
	"bufio"
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var updateStartup = flag.Bool("update-startup", false, "write what initialising the packages allocates now into testdata/startup.tsv")

// startupTable has, for the Go that its first line names, what the packages of the
// program allocate before main begins: those of more than startupRow bytes a row each,
// and all the others together.
const (
	startupTable = "testdata/startup.tsv"
	startupRow   = 16 << 10
	startupRest  = "all others"
)

// initialised runs this test binary, in which all of the program is linked, and returns
// how many bytes each package allocated when it was initialised.
func initialised(t *testing.T, args ...string) map[string]int {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], args...)
	cmd.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	var trace bytes.Buffer
	cmd.Stderr = &trace
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, trace.String())
	}
	line := regexp.MustCompile(`^init (\S+) @.* clock, (\d+) bytes`)
	sizes := map[string]int{}
	for lines := bufio.NewScanner(&trace); lines.Scan(); {
		if found := line.FindStringSubmatch(lines.Text()); found != nil {
			sizes[found[1]], _ = strconv.Atoi(found[2])
		}
	}
	return sizes
}

// rows keeps the large ones of sizes and adds the others up.
func rows(sizes map[string]int) map[string]int {
	large := map[string]int{startupRest: 0}
	for name, size := range sizes {
		if size < startupRow {
			name = startupRest
		}
		large[name] += size
	}
	return large
}

// Whatever builds the program must stamp the version and the commit into the variables
// that are printed.
func TestVersionIsStampedWhereItIsRead(t *testing.T) {
	const room = "github.com/docker-secrets/docker-secrets/internal/about"
	want := []string{room + ".Version", room + ".Commit"}
	for _, path := range []string{"Makefile", "install.sh", ".goreleaser.yaml"} {
		content := read(t, path)
		var got []string
		for _, stamp := range regexp.MustCompile(`-X (\S+?)=`).FindAllStringSubmatch(content, -1) {
			got = append(got, strings.NewReplacer("$(ABOUT)", room, "$about", room).Replace(stamp[1]))
		}
		if !slices.Equal(got, want) || !strings.Contains(content, room) {
			t.Errorf("%s: -X %q, want %q", path, got, want)
		}
	}
}

// Docker must have its answer before packages that are not Go's own are initialised, and
// no package may allocate a tenth more than recorded before main begins, nor all together.
func TestStartup(t *testing.T) {
	t.Parallel()
	t.Run("answer", func(t *testing.T) { answersFirst(t, initialised(t, "docker-cli-plugin-metadata")) })
	t.Run("allocations", func(t *testing.T) { allocatesNoMore(t, rows(initialised(t, "-test.run=^$"))) })
}

func answersFirst(t *testing.T, sizes map[string]int) {
	t.Helper()
	for name, size := range sizes {
		if first, _, _ := strings.Cut(name, "/"); strings.Contains(first, ".") && size >= startupRow {
			t.Errorf("%s allocates %d bytes before docker has its answer: does internal/about import more than os?", name, size)
		}
	}
}

func allocatesNoMore(t *testing.T, got map[string]int) {
	t.Helper()
	if *updateStartup {
		writeStartup(t, got)
		return
	}
	version, want := readStartup(t)
	if version != language() {
		t.Skipf("%s is of %s, this is %s: go test . -run Startup -update-startup", startupTable, version, language())
	}
	for _, name := range slices.Sorted(maps.Keys(got)) {
		if limit := max(want[name], startupRow); got[name] > limit+limit/10 {
			t.Errorf("%s allocates %d bytes before main begins, %d are recorded: make it wait for its first use (sync.OnceValue), or record it with -update-startup",
				name, got[name], want[name])
		}
	}
	if total, limit := sum(got), sum(want); total > limit+limit/10 {
		t.Errorf("all packages allocate %d bytes before main begins, %d are recorded", total, limit)
	}
}

// language returns the Go that this is, without the patch: go1.26.
func language() string {
	parts := strings.SplitN(runtime.Version(), ".", 3)
	return strings.Join(parts[:min(2, len(parts))], ".")
}

func sum(sizes map[string]int) int {
	total := 0
	for _, size := range sizes {
		total += size
	}
	return total
}

func writeStartup(t *testing.T, sizes map[string]int) {
	t.Helper()
	names := slices.SortedFunc(maps.Keys(sizes), func(a, b string) int {
		return cmp.Or(cmp.Compare(sizes[b], sizes[a]), cmp.Compare(a, b))
	})
	var b strings.Builder
	fmt.Fprintf(&b, "# Bytes that packages allocate before main begins (GODEBUG=inittrace=1), %s\n", language())
	for _, name := range names {
		fmt.Fprintf(&b, "%s\t%d\n", name, sizes[name])
	}
	write(t, startupTable, b.String(), 0o644)
}

// readStartup returns the Go that the table was recorded with, and its rows.
func readStartup(t *testing.T) (version string, sizes map[string]int) {
	t.Helper()
	sizes = map[string]int{}
	for row := range strings.Lines(read(t, startupTable)) {
		if comment, ok := strings.CutPrefix(strings.TrimSpace(row), "#"); ok {
			version = comment[strings.LastIndex(comment, " ")+1:]
			continue
		}
		name, size, _ := strings.Cut(strings.TrimSpace(row), "\t")
		sizes[name], _ = strconv.Atoi(size)
	}
	return version, sizes
}
