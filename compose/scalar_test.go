package compose

import (
	"fmt"
	"strings"
	"testing"

	"github.com/docker-secrets/docker-secrets/internal/composetest"
	"github.com/docker-secrets/docker-secrets/internal/filetest"
)

// What a place in a compose file gives must be what Compose gives the variable, byte
// for byte, however YAML writes it.
func TestPlaceReadsScalarsAsCompose(t *testing.T) {
	compared := 0
	for _, scalar := range composetest.Scalars {
		dir := t.TempDir()
		path := filetest.Write(t, dir, "compose.yaml", "services:\n  api:\n    image: x\n    environment:\n      FIRST: x\n      VALUE: "+scalar+"\n")
		filetest.Write(t, dir, ".env", "PART=p$$1 é\nNUMBER=0123\n")
		app, err := Load(t.Context(), Options{Dir: dir})
		if err != nil {
			continue // Compose does not take it: there is nothing to agree with
		}
		variable := app.Input.Variables[len(app.Input.Variables)-1]
		if !variable.Set {
			continue
		}
		compared++
		got, err := ReadPlace(path, "services.api.environment.VALUE", app.src.env)
		if err != nil || !got.Equal(variable.Value) {
			t.Errorf("%s: %v, %s", strings.TrimSpace(scalar), err, fmt.Sprintf("%q, want %q", got.Reveal(), variable.Value.Reveal()))
		}
	}
	if compared < 90 {
		t.Errorf("only %d of %d are compared", compared, len(composetest.Scalars))
	}
}
