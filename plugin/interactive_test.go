package plugin

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/compose"
	"github.com/docker-secrets/docker-secrets/transform/classify"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// doubtful has three variables that no rule can judge, the last one in an env file.
const doubtful = `services:
  api:
    image: registry.example.com/api:1
    env_file: app.env
    environment: # kept
      AWS_ACCESS_KEY_ID: AKIA5Z8X2C4V6B9N1M3K
      BACKUP_ACCESS_KEY_ID: AKIA3H5J7K2L4P6Q8R1S
      PORT: "80"
`

// typing is a terminal on which keys are pressed, and then no more.
func typing(keys string) readKey {
	return func(context.Context) (byte, error) {
		if keys == "" {
			return 0, errNoAnswer
		}
		pressed := keys[0]
		keys = keys[1:]
		return pressed, nil
	}
}

func doubtfulFolder(t *testing.T) (string, migrateOptions) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"docker-compose.yml": doubtful, "app.env": "MAIL_ACCESS_KEY_ID=AKIA7Q2W9E4R6T1Y3U5I\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir, migrateOptions{load: compose.Options{Dir: dir}}
}

// Each answer must be written to the compose file and hold at once; nothing is
// written for a variable that is left, and no value is shown.
func TestAnswersAreWrittenAndHold(t *testing.T) {
	for _, c := range []struct {
		name, keys, written, said string
		verdicts                  []string
	}{
		{
			name: "all kinds", keys: "sx\rP",
			written: "\nx-docker-secrets:\n  secret:\n    - api.AWS_ACCESS_KEY_ID\n  plain:\n    - api.MAIL_ACCESS_KEY_ID\n",
			said: `3 variables in doubt. Press s for secret, p for plain, Enter to leave it as it is, q to stop.
1/3 api.AWS_ACCESS_KEY_ID (docker-compose.yml:6, maybe:access-key-id), stays: secret
2/3 api.BACKUP_ACCESS_KEY_ID (docker-compose.yml:7, maybe:access-key-id), stays: as it is
3/3 api.MAIL_ACCESS_KEY_ID (app.env, maybe:access-key-id), moves: plain
2 answers written to x-docker-secrets in docker-compose.yml

`,
			verdicts: []string{"AWS_ACCESS_KEY_ID secret file:secret", "BACKUP_ACCESS_KEY_ID maybe maybe:access-key-id", "MAIL_ACCESS_KEY_ID plain file:plain", "PORT plain veto:identity"},
		},
		{
			name: "no more after the first", keys: "pq",
			written: "\nx-docker-secrets:\n  plain:\n    - api.AWS_ACCESS_KEY_ID\n",
			said: `3 variables in doubt. Press s for secret, p for plain, Enter to leave it as it is, q to stop.
1/3 api.AWS_ACCESS_KEY_ID (docker-compose.yml:6, maybe:access-key-id), stays: plain
2/3 api.BACKUP_ACCESS_KEY_ID (docker-compose.yml:7, maybe:access-key-id), stays: no more
1 answer written to x-docker-secrets in docker-compose.yml

`,
			verdicts: []string{"AWS_ACCESS_KEY_ID plain file:plain", "BACKUP_ACCESS_KEY_ID maybe maybe:access-key-id", "MAIL_ACCESS_KEY_ID maybe maybe:access-key-id", "PORT plain veto:identity"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir, options := doubtfulFolder(t)
			app, said := decided(t, options, c.keys)
			if diff := cmp.Diff(c.said, said); diff != "" {
				t.Errorf("said (-want +got)\n%s", diff)
			}
			if diff := cmp.Diff(doubtful+c.written, composeFile(t, dir)); diff != "" {
				t.Errorf("the compose file (-want +got)\n%s", diff)
			}
			decisions, _ := classify.Classify(app.Input, verdict.Policy{Written: &app.Written.Policy})
			var verdicts []string
			for _, d := range decisions.Variables {
				verdicts = append(verdicts, d.Name+" "+string(d.Verdict)+" "+d.Rule)
			}
			if diff := cmp.Diff(c.verdicts, verdicts); diff != "" {
				t.Errorf("verdicts (-want +got)\n%s", diff)
			}
		})
	}
}

func decided(t *testing.T, options migrateOptions, keys string) (*compose.Application, string) {
	t.Helper()
	app, err := compose.Load(t.Context(), options.load)
	if err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	app, err = ask(t.Context(), &said, typing(keys), app, options)
	if err != nil {
		t.Fatal(err)
	}
	return app, said.String()
}

func composeFile(t *testing.T, dir string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(dir, "docker-compose.yml"))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// What the command line decides must not be asked, and no question means no answer
// to write.
func TestDecidedVariablesAreNotAsked(t *testing.T) {
	dir, options := doubtfulFolder(t)
	options.policy = verdict.Policy{Plain: []string{"*"}}
	if _, said := decided(t, options, ""); said != "nothing to ask: every variable has a verdict\n" {
		t.Errorf("said %q", said)
	}
	if diff := cmp.Diff(doubtful, composeFile(t, dir)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// Leaving every variable as it is must write nothing.
func TestLeavingAllWritesNothing(t *testing.T) {
	dir, options := doubtfulFolder(t)
	decided(t, options, "\r\n\r")
	if diff := cmp.Diff(doubtful, composeFile(t, dir)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// Who ends the questions with Ctrl-C or hangs up must find the file as it was,
// whatever was answered before.
func TestEndedQuestionsLeaveTheFile(t *testing.T) {
	for _, keys := range []string{"", "s", "sp\x03", "s\x04s"} {
		dir, options := doubtfulFolder(t)
		app, err := compose.Load(t.Context(), options.load)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ask(t.Context(), &bytes.Buffer{}, typing(keys), app, options); !errors.Is(err, errNoAnswer) {
			t.Errorf("%q: got %v, want %v", keys, err, errNoAnswer)
		}
		if diff := cmp.Diff(doubtful, composeFile(t, dir)); diff != "" {
			t.Errorf("%q (-want +got)\n%s", keys, diff)
		}
	}
}

// Questions must be refused as wrong use where nobody can answer, or where nothing
// may be written.
func TestInteractiveNeedsSomebodyToAnswer(t *testing.T) {
	for name, c := range map[string]struct{ args, want string }{
		"no terminal": {"", "--interactive requires a terminal; decide with --secret and --plain, or with x-docker-secrets in the compose file"},
		"check":       {"--check", "--interactive writes the answers to the compose file; --check, --diff and --explain write nothing"},
		"stdin":       {"-f -", "--interactive: stdin cannot be the compose file and give answers; name the file with -f"},
	} {
		t.Run(name, func(t *testing.T) {
			dir, _ := doubtfulFolder(t)
			got := execute(t, dir, nil, append([]string{"migrate", "--interactive"}, strings.Fields(c.args)...)...)
			if first, _, _ := strings.Cut(got.stderr, "\n"); got.exit != exitUsage || first != c.want {
				t.Errorf("exit %d, %s", got.exit, got.stderr)
			}
			if diff := cmp.Diff(doubtful, composeFile(t, dir)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
