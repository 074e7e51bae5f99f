package compose

import (
	"testing"

	"github.com/docker-secrets/docker-secrets/secret"
)

// A value that is too common must be found where a text repeats it, and not where the
// word is the name of a program, a user, a host or a number of something.
func TestCommonValues(t *testing.T) {
	for _, c := range []struct {
		path, before, text string
		want               bool
	}{
		{"services.a.labels.note", "", "log in with 1234", true},
		{"services.a.labels.note", "", "12345 or x1234", false},
		{"services.a.labels.note", "", "1234:80", false},
		{"services.a.labels.user", "", "1234", false},
		{"services.a.environment.PORT", "", "1234", false},
		{"services.a.environment.SEED", "", "1234", true},
		{"services.a.environment[0]", "", "SEED=1234", true},
		{"services.a.environment[0]", "", "PORT=1234", false},
		{"services.a.command", "", "1234 --level debug", false},
		{"services.a.command", "", "app --seed 1234", true},
		{"services.a.command", "", "psql -U 1234", false},
		{"services.a.command", "", "app --port=1234 --user 1234", false},
		{"services.a.command[2]", "--seed", "1234", true},
		{"services.a.command[2]", "-U", "1234", false},
		{"services.a.command[0]", "", "1234", false},
		{"configs.c.content", "", "seed = 1234", true},
	} {
		if got := (common{value: secret.NewValue("1234")}).isIn(c.path, c.before, c.text); got != c.want {
			t.Errorf("%s: %s %s: %t, want %t", c.path, c.before, c.text, got, c.want)
		}
	}
}
