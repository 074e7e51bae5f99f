package source

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/docker-secrets/docker-secrets/secret"
)

// Each file must be read once for all references that its systems resolve: an
// application has thousands of them in few files.
func TestLocalReadsEachFileOnce(t *testing.T) {
	local := folder(t)
	systems := local.Systems()
	for _, texts := range [][]string{
		{"dotenv://app.env#KEY", "compose://docker-compose.yml#services.api.environment.LITERAL", "env://FROM_DOTENV"},
		{"dotenv://app.env#MADE", "compose://docker-compose.yml#services.list.environment.LITERAL", "env://BOTH", "compose://docker-compose.yml?literal=1#services.cache.command"},
	} {
		var refs []secret.Reference
		for _, text := range texts {
			ref, err := secret.ParseReference(text)
			if err != nil {
				t.Fatal(err)
			}
			refs = append(refs, ref)
		}
		for i, result := range Resolve(t.Context(), systems, refs) {
			if result.Err != nil {
				t.Errorf("%s: %v", texts[i], result.Err)
			}
		}
		for _, name := range []string{"app.env", "docker-compose.yml", ".env"} {
			if err := os.WriteFile(filepath.Join(local.Dir, name), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}
