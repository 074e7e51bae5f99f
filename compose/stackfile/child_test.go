package stackfile

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Whatever docker stack deploy takes from the machine by itself must be found, however the
// file says so.
func TestChildInputIsWhatTheCLITakes(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "stack.yml")
	for name, text := range map[string]string{
		"stack.yml": `x-note: ${UNUSED:-x}
x-base: &base
  env_file: [{path: far/base.env}]
  environment: {MERGED: }
services:
  map:
    environment: {EMPTY: "", NOTEXT: , TEXT: x, PART: "a${IN_TEXT:-b}", HOLLOW: "${GIVEN}", QUOTED: "$${NOT:-x}"}
    labels: {l: "${LABEL:-${NESTED-}}"}
  list:
    environment: [BARE, EMPTY_TOO=, TEXT=x]
    env_file: app.env
  merged:
    <<: *base
    command: ["$ARGUMENT"]
secrets:
  own: {file: ../home/id_rsa}
  theirs: {external: true, x-from: "env://${IGNORED:-x}"}
configs:
  c: {file: c.conf, name: "${CONFIG-x}"}
`,
		"app.env": "# NOTE\nFILE_BARE\nFILE_EMPTY=\nFILE_TEXT=x\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	in, err := ReadChildInput([]string{path})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, filled := range in.Names {
		names = append(names, filled.Name+" "+filled.Path)
	}
	want := []string{
		"ARGUMENT services.merged.command", "BARE services.list.environment", "CONFIG configs.c.name", "EMPTY services.map.environment",
		"EMPTY_TOO services.list.environment", "FILE_BARE services.list.env_file", "FILE_EMPTY services.list.env_file",
		"GIVEN services.map.environment.HOLLOW", "HOLLOW services.map.environment", "IN_TEXT services.map.environment.PART",
		"LABEL services.map.labels.l", "MERGED services.merged.environment", "NESTED services.map.labels.l", "NOTEXT services.map.environment",
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("variables (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"../home/id_rsa", "app.env", "c.conf", "far/base.env"}, in.Files); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}
