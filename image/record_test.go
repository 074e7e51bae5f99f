package image

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/transform/images"
)

// What was recorded must be read back as it was, "$" doubled in between.
func TestRecordIsReadBackAsItWas(t *testing.T) {
	want := map[string]images.Config{
		"redis:7": {Entrypoint: []string{"docker-entrypoint.sh"}, Command: []string{"redis-server"}, HasShell: images.Yes},
		"app@sha256:00": {
			Entrypoint: []string{"/bin/sh", "-c", `exec "$0" "$@" $$ && a <b >c # d: e`}, Shell: []string{"/bin/bash", "-c"}, Healthcheck: []string{"CMD", "yes", "1"},
			Variables: []string{"POSTGRES_PASSWORD"}, OnBuild: []string{`CMD ["a"]`}, HasShell: images.No,
		},
		"long:1":    {Command: []string{strings.Repeat("a long  line ", 40), "\t\n", ""}, HasShell: images.NotKnown},
		"nothing:1": {HasShell: images.Yes},
	}
	content, err := yaml.Marshal(map[string]any{RecordKey: Record(want), "services": map[string]any{}})
	if err != nil {
		t.Fatal(err)
	}
	got := Recorded([]byte(strings.ReplaceAll(string(content), "$", "$$")))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// An image must be one line that a person can read and write.
func TestRecordLine(t *testing.T) {
	for want, config := range map[string]images.Config{
		`ENTRYPOINT ["tini", "--"] CMD ["serve", "-p 80"]`: {Entrypoint: []string{"tini", "--"}, Command: []string{"serve", "-p 80"}, HasShell: images.Yes},
		`CMD ["/app"] NO-SHELL`:                            {Command: []string{"/app"}, HasShell: images.No},
		`CMD ["/app"] SHELL-UNKNOWN`:                       {Command: []string{"/app"}},
	} {
		if got := line(config); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// A stack file of before must still be understood.
func TestRecordedFormerly(t *testing.T) {
	got := Recorded([]byte("x-images:\n  redis:7:\n    entrypoint: [docker-entrypoint.sh, $$HOME]\n    command: [redis-server]\n    has-shell: \"yes\"\n"))
	want := map[string]images.Config{"redis:7": {Entrypoint: []string{"docker-entrypoint.sh", "$HOME"}, Command: []string{"redis-server"}, HasShell: images.Yes}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// A file without records, or that is no YAML, must hold no answers.
func TestFileWithoutRecordsHasNoAnswers(t *testing.T) {
	for _, content := range []string{
		"", "services: {}\n", "\t: [", "x-images: [a]\n", "x-images: {a: b}\n", "x-images: {a: [b]}\n", "x-images: {a: 'CMD [1]'}\n", "x-images: {a: CMD}\n",
	} {
		if got := Recorded([]byte(content)); len(got) != 0 {
			t.Errorf("%q: %v", content, got)
		}
	}
	if got := Record(nil); got != nil {
		t.Errorf("recorded %v", got)
	}
}

// What is understood of a line must be written so that it is understood in the same way.
func FuzzRecordLine(f *testing.F) {
	f.Add(`ENTRYPOINT ["a"] CMD ["b", "c"] NO-SHELL`)
	f.Add(`CMD null ENV [] CMD ["\u2028"]`)
	f.Fuzz(func(t *testing.T, text string) {
		config, ok := parseLine(text)
		if !ok {
			return
		}
		again, ok := parseLine(line(config))
		if !ok || line(again) != line(config) {
			t.Errorf("%q: %q and %q", text, line(config), line(again))
		}
	})
}
