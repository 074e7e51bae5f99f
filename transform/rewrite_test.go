package transform

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform/seal"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// marks are how a seal is written in golden files.
var (
	unmark = strings.NewReplacer("⟦", seal.Open, "⟧", seal.Close)
	mark   = strings.NewReplacer(seal.Open, "⟦", seal.Close, "⟧")
)

// Every golden model must become what its case says. A case holds model.yaml,
// with ⟦name⟧ for the seal of a secret, maybe images.yaml (service: what its image
// says), deliver.yaml, reads.yaml (service: what shows that it reads files), templates.yaml and lines.yaml (the secrets that end with a line
// end), and want.yaml with the warnings behind it.
func TestRewriteGolden(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no golden cases: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if len(archive.Comment) == 0 {
				t.Error("the first line must say what the case is for")
			}
			got := rewriteGolden(t, archive)
			want := archiveFile(archive, "want.yaml")
			if *update {
				setArchiveFile(archive, "want.yaml", got)
				if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func rewriteGolden(t *testing.T, archive *txtar.Archive) string {
	t.Helper()
	var model map[string]any
	var options Options
	var lines []string
	for name, into := range map[string]any{"model.yaml": &model, "images.yaml": &options.Images, "deliver.yaml": &options.Deliver, "reads.yaml": &options.Reads, "templates.yaml": &options.Templates, "lines.yaml": &lines} {
		if err := yaml.Unmarshal([]byte(unmark.Replace(archiveFile(archive, name))), into); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	decisions := decisionsOf(model, options.Templates)
	for i, declared := range decisions.Secrets {
		decisions.Secrets[i].EndsLine = slices.Contains(lines, declared.Name)
	}
	got, err := Rewrite(model, decisions, options)
	var b bytes.Buffer
	if err != nil {
		for line := range strings.Lines(err.Error() + "\n") {
			fmt.Fprintf(&b, "# error: %s", line)
		}
		return b.String()
	}
	b.WriteString(encode(t, got.Model))
	for _, w := range got.Warnings {
		loss := ""
		if w.Loss {
			loss = " (loss)"
		}
		fmt.Fprintf(&b, "# %s%s %s: %s\n", w.Code, loss, w.Path, w.Message)
	}
	return mark.Replace(b.String())
}

func encode(t *testing.T, model map[string]any) string {
	t.Helper()
	var b bytes.Buffer
	encoder := yaml.NewEncoder(&b)
	encoder.SetIndent(2)
	if err := encoder.Encode(model); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// decisionsOf moves every variable that is wholly a seal.
func decisionsOf(model map[string]any, templates map[string]string) Decisions {
	var d Decisions
	names := map[string]bool{}
	collect := func(_, text string) {
		for _, name := range seal.Names(text) {
			names[name] = true
		}
	}
	EachText(model, collect)
	for _, text := range templates {
		collect("", text)
	}
	services := asMap(model["services"])
	for _, service := range slices.Sorted(maps.Keys(services)) {
		one := asMap(services[service])
		image, _ := one["image"].(string)
		if one["build"] != nil {
			image = ""
		}
		for _, entry := range newBlock(one["environment"]).texts() {
			d.Variables = append(d.Variables, Decision{Service: service, Image: image, Name: entry[0], Secret: seal.Whole(entry[1])})
		}
	}
	slices.SortFunc(d.Variables, func(a, b Decision) int { return strings.Compare(a.Service+"\x00"+a.Name, b.Service+"\x00"+b.Name) })
	for _, name := range slices.Sorted(maps.Keys(names)) {
		ref := secret.Reference{Scheme: "env", Path: strings.ToUpper(name)}
		d.Secrets = append(d.Secrets, Declared{Name: name, From: []secret.Reference{ref}})
	}
	return d
}

func archiveFile(archive *txtar.Archive, name string) string {
	for _, file := range archive.Files {
		if file.Name == name {
			return string(file.Data)
		}
	}
	return ""
}

func setArchiveFile(archive *txtar.Archive, name, text string) {
	for i, file := range archive.Files {
		if file.Name == name {
			archive.Files[i].Data = []byte(text)
			return
		}
	}
	archive.Files = append(archive.Files, txtar.File{Name: name, Data: []byte(text)})
}
