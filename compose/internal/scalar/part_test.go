package scalar

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/transform/seal"
)

// What is written beside a seal must be a credential where the seal is in one, where the
// key is the name of one, and where it is joined to the seal. ‹x› is a seal.
func TestPartsBesideSeals(t *testing.T) {
	for _, c := range []struct {
		key, text string
		want      []string
	}{
		{"app.url", "https://app:‹pw›@db.example.com/", nil},
		{"app.url", "https://app:Kd83xQ‹pw›@db.example.com/", []string{"Kd83xQ"}},
		{"app.note", "literalpw-‹pw›", []string{"literalpw-"}},
		{"app.note", "‹pw›-literalpw and more", []string{"-literalpw"}},
		{"app.note", "pw: ‹pw›, user: app", nil},
		{"app.note", "v1-‹pw›", nil},
		{"app.password", "Kd8‹pw›", []string{"Kd8"}},
		{"app.password", "‹pw›", nil},
		{"traefik.basic.users", "admin:‹pw›", nil},
		{"app.header", "Authorization: Bearer ‹pw›", nil},
	} {
		text := strings.NewReplacer("‹pw›", seal.Of("pw")).Replace(c.text)
		var got []string
		for _, place := range Judge(map[string]any{"services": map[string]any{"web": map[string]any{"labels": map[string]any{c.key: text}}}}) {
			for _, credential := range place.Credentials() {
				got = append(got, credential.Reveal())
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s (-want +got)\n%s", c.key, c.text, diff)
		}
	}
}
