package compose

import (
	"errors"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/errdefs"

	"github.com/docker-secrets/docker-secrets/internal/filetest"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform/seal"
)

// applicationOf is an application of one compose file that was never loaded.
func applicationOf(t *testing.T, text string, seen ...use) *Application {
	t.Helper()
	src, err := gather(Options{Files: []string{filetest.Write(t, t.TempDir(), "c.yml", text)}})
	if err != nil {
		t.Fatal(err)
	}
	tree, err := newTree(src)
	if err != nil {
		t.Fatal(err)
	}
	app := &Application{src: src, tree: tree, seen: recorder{}}
	for _, u := range seen {
		app.seen.note(u)
	}
	return app
}

// Of compose-go's words only its own and the author's names may be shown, whatever
// stands between them.
func TestLoadErrorShowsNoValue(t *testing.T) {
	app := applicationOf(t, "services: {web: {image: x, environment: {KEY: v}}}", use{name: "PORT", value: secret.NewValue("hunter2x")})
	for _, secret := range []string{"swordfish", "sw0rd fish", "sw:ord@fish/x", `sw"ord'fi"sh`, "{sword}=fish", "sword.fish", "123456", "swordfish,", "${SWORDFISH}", "Sw0rd\nf1sh"} {
		said := app.explain(errors.New(`invalid value "` + secret + `" for services.web.environment.KEY: ` + secret)).Error()
		for _, part := range strings.FieldsFunc(secret, func(r rune) bool { return strings.ContainsRune(" :@/'\"{}=.,$\n", r) }) {
			if len(part) > 2 && strings.Contains(strings.ToLower(said), strings.ToLower(part)) {
				t.Errorf("%q is in %q", part, said)
			}
		}
		if !strings.Contains(said, "services.web.environment.KEY") || !strings.Contains(said, "c.yml:1: ") {
			t.Errorf("no place in %q", said)
		}
	}
	if said := app.explain(errors.New("invalid hostPort: hunter2x")).Error(); !strings.HasSuffix(said, "hostPort is not valid: ${PORT}") {
		t.Errorf("the variable is not named: %q", said)
	}
}

// A seal must be shown as the variable that it stands for, with what to do, also
// where compose-go escaped it.
func TestSealInAnErrorIsShownAsItsVariable(t *testing.T) {
	app := applicationOf(t, "services:\n  web:\n    image: x\n    scale: ${DB_PASSWORD}\n")
	for _, text := range []string{
		"invalid value " + seal.Of("db_password"),
		`parsing "\U0010f0e0db_password\U0010f0e1": invalid syntax`,
	} {
		said := app.explainSealed(errors.New(text)).Error()
		for _, part := range []string{"c.yml:4: ", "${DB_PASSWORD}", "--plain DB_PASSWORD"} {
			if !strings.Contains(said, part) {
				t.Errorf("%q is not in %q", part, said)
			}
		}
	}
}

// What does not fit together must be told with its names; any other fault of the
// sealed application with as few words as one of the first load.
func TestInconsistencyIsToldWithItsNames(t *testing.T) {
	app := applicationOf(t, "services:\n  web:\n    image: x\n")
	inconsistent := errors.Join(errors.New(`service "web" refers to undefined volume data_of_mine`), errdefs.ErrInvalid)
	if said := app.explainChecked(inconsistent, newLiterals(nil)).Error(); !strings.Contains(said, "c.yml:2: services.web: refers to undefined volume data_of_mine") {
		t.Errorf("names are hidden: %q", said)
	}
	if said := app.explainChecked(errors.New("invalid duration swordfish"), newLiterals(nil)).Error(); strings.Contains(said, "swordfish") {
		t.Errorf("a value is shown: %q", said)
	}
}
