package prove

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/secret"
)

// Whatever looks like a credential in a stack file must be found, wherever it is, but
// for what reads a secret or is accounted for.
func TestNothing(t *testing.T) {
	content := []byte(`services:
  web:
    image: nginx:1
    command: [app, --password, "$$(cat /run/secrets/p)", --url, "postgres://u:Kx81mQz92Lw@h/x"]
    environment:
      DB_PASSWORD: Kx81mQz92Lw
      OTHER_PASSWORD: ${OTHER_PASSWORD}
    # redis-server --requirepass Kx81mQz92Lw
    labels:
      app.token: tk_9f8a7d6b5c4e3f2a1b0d
      app.known: https://u:accounted-91@h/
configs:
  c:
    x-content: |
      password = "Zt61nBv84cXq"
secrets:
  s:
    x-template: postgres://u:{{ secret "p" }}@h/x
`)
	parsed, err := Parse(content)
	if err != nil {
		t.Fatal(err)
	}
	left := parsed.Nothing(func(_ string, credential secret.Value) bool { return credential.Reveal() == "accounted-91" })
	want := []Left{
		{Path: "services.web.labels", Comment: true},
		{Path: "configs.c.x-content"},
		{Path: "services.web.command[4]"},
		{Path: "services.web.labels.app.token"},
		{Path: "services.web.environment.DB_PASSWORD"},
	}
	if diff := cmp.Diff(want, left); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
