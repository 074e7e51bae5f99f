package source

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/docker-secrets/docker-secrets/source/store"
)

// For a deploy, a place in a compose file must have no value where a variable is not set
// that its text needs: what is left of the text is nobody's value.
func TestPlaceNeedsItsVariables(t *testing.T) {
	local := Local{Dir: t.TempDir(), Environ: []string{"USER_NAME=app", "EMPTY="}, NeedSet: true}
	const compose = `
services:
  base: {image: busybox, environment: {INHERITED: "${PASSWORD}"}}
  api:
    image: busybox
    extends: base
    environment:
      LIST: "${FIRST},${SECOND}"
      URL: "postgres://${USER_NAME}:${PASSWORD}@db/app"
      REQUIRED: "${PASSWORD:?set it}"
      DEFAULT: "${PASSWORD:-made-up}"
      NESTED: "${PASSWORD:-${OTHER}}"
      EMPTY: "-${EMPTY}-"
      SET: "postgres://${USER_NAME}@db/app"
      ALTERNATIVE: "x${PASSWORD:+y}"
`
	if err := os.WriteFile(filepath.Join(local.Dir, "docker-compose.yml"), []byte(compose), 0o644); err != nil {
		t.Fatal(err)
	}
	for variable, want := range map[string]string{
		"LIST": "FIRST is not set", "URL": "PASSWORD is not set", "REQUIRED": "PASSWORD is not set", "NESTED": "OTHER is not set", "INHERITED": "PASSWORD",
		"DEFAULT": "", "EMPTY": "", "SET": "", "ALTERNATIVE": "",
	} {
		ref := "compose://docker-compose.yml#services.api.environment." + variable
		got := resolveOne(t, local, ref)
		if want == "" && got.Err != nil || want != "" && (!errors.Is(got.Err, store.ErrNotFound) || !strings.Contains(got.Err.Error(), want)) {
			t.Errorf("%s: error %v, want %q", variable, got.Err, want)
		}
		local.NeedSet = false
		if got := resolveOne(t, local, ref); got.Err != nil && want != "PASSWORD" && variable != "REQUIRED" && variable != "NESTED" {
			t.Errorf("%s, as Compose has it: %v", variable, got.Err)
		}
		local.NeedSet = true
	}
}
