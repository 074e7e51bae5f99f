package compose

import (
	"testing"

	"github.com/docker-secrets/docker-secrets/internal/filetest"
	"github.com/docker-secrets/docker-secrets/transform/classify"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// A comment in a file that only extends names must be judged like any other, also
// where nothing before has looked into that file.
func TestLayoutJudgesCommentsOfExtendedFiles(t *testing.T) {
	dir := t.TempDir()
	filetest.Write(t, dir, "compose.yaml", "services: {a: {extends: {file: '${BASE}.yml', service: b}}, c: {image: x, environment: {DB_PASSWORD: hunter2secret99}}}\n")
	filetest.Write(t, dir, "base.yml", "services:\n  b:\n    image: x # was hunter2secret99\n    hostname: h # the host\n")
	app, err := Load(t.Context(), Options{Dir: dir, Environ: []string{"BASE=base"}})
	if err != nil {
		t.Fatal(err)
	}
	_, sealing := classify.Classify(app.Input, verdict.Policy{})
	sealed, err := app.Seal(t.Context(), sealing)
	if err != nil {
		t.Fatal(err)
	}
	comment := func(key string) string {
		name, value := sealed.Layout.Comment([]string{"services", "a", key})
		return name.LineComment + value.LineComment
	}
	if got := comment("image"); got != "" {
		t.Errorf("the comment behind the image is kept: %d bytes", len(got))
	}
	if got := comment("hostname"); got != "# the host" {
		t.Errorf("the comment behind the host's name is %q", got)
	}
	if got := sealed.Layout.At("services", "a", "image"); got != "base.yml:3" {
		t.Errorf("the image stands at %q", got)
	}
}
