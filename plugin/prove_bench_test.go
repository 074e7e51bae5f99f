package plugin

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/docker/cli/cli/command"

	"github.com/docker-secrets/docker-secrets/compose"
	"github.com/docker-secrets/docker-secrets/compose/prove"
	"github.com/docker-secrets/docker-secrets/secret"
)

const (
	largeServices     = 100
	variablesOfOne    = 20
	variablesOfFiles  = 10 // of them in the service's own env file
	servicesOfOneFile = 10 // that share a second one
)

// writeLarge writes an application of 100 services with 20 variables each: in env
// files of their own and shared, interpolated, with defaults, made of parts.
func writeLarge(dir string) error {
	var text, dotEnv strings.Builder
	text.WriteString("services:\n")
	files := map[string]string{}
	for i := range largeServices {
		shared := fmt.Sprintf("shared%d.env", i/servicesOfOneFile)
		own := fmt.Sprintf("s%d.env", i)
		fmt.Fprintf(&text, "  s%d:\n    image: registry.example.com/app:1\n    env_file: [%s, %s]\n    environment:\n", i, shared, own)
		files[shared] = fmt.Sprintf("SHARED_SECRET=shared-%d-Zx1Cv4Bn\n", i/servicesOfOneFile)
		var lines strings.Builder
		for v := range variablesOfFiles {
			fmt.Fprintf(&lines, "API_TOKEN_%d=tok-%d-%d-Qw9Er7\n", v, i, v)
		}
		files[own] = lines.String()
		for v := range variablesOfOne - variablesOfFiles {
			switch v % 4 {
			case 0:
				fmt.Fprintf(&text, "      DB_PASSWORD_%d: ${PASS_%d_%d}\n", v, i, v)
				fmt.Fprintf(&dotEnv, "PASS_%d_%d=pw-%d-%d-Lk8Jh6\n", i, v, i, v)
			case 1:
				fmt.Fprintf(&text, "      URL_%d: postgres://app:${PASS_%d_%d}@db/app\n", v, i, v-1)
			case 2:
				fmt.Fprintf(&text, "      SECRET_%d: ${NONE_%d_%d:-default-%d-%d-Mn5Bv3}\n", v, i, v, i, v)
			default:
				fmt.Fprintf(&text, "      LOG_LEVEL_%d: info\n", v)
			}
		}
	}
	files["docker-compose.yml"], files[".env"] = text.String(), dotEnv.String()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// What proving costs, beside all that migrate does before it writes.
func BenchmarkProve(b *testing.B) {
	dir := b.TempDir()
	if err := writeLarge(dir); err != nil {
		b.Fatal(err)
	}
	dockerCLI, err := command.NewDockerCli(command.WithOutputStream(io.Discard), command.WithErrorStream(&bytes.Buffer{}))
	if err != nil {
		b.Fatal(err)
	}
	options := migrateOptions{load: compose.Options{Dir: dir}, offline: true}
	var whole, proving time.Duration
	for b.Loop() {
		began := time.Now()
		app, err := compose.Load(b.Context(), options.load)
		if err != nil {
			b.Fatal(err)
		}
		file, err := openOutput(app, options)
		if err != nil {
			b.Fatal(err)
		}
		local := localSources(b.Context(), app.OutputDir(), nil)
		sources := prove.Sources(func(refs []secret.Reference) ([]secret.Value, []error) {
			asked := time.Now()
			defer func() { proving += time.Since(asked) }()
			return local(refs)
		})
		m, err := migrate(b.Context(), dockerCLI, app, file, options, sources, nil)
		if err != nil {
			b.Fatal(err)
		}
		content, err := m.render(b.Context(), app, file, options)
		if err != nil {
			b.Fatal(err)
		}
		before := time.Now()
		resolving := proving
		if err = m.prove(app, content, sources); err != nil {
			b.Fatal(err)
		}
		proving = resolving + time.Since(before)
		whole += time.Since(began)
	}
	b.ReportMetric(float64(whole.Milliseconds())/float64(b.N), "ms/migrate")
	b.ReportMetric(float64(proving.Milliseconds())/float64(b.N), "ms/prove")
	b.ReportMetric(100*float64(proving)/float64(whole), "%")
}
