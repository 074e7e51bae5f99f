package plugin

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// copiesCase is an application whose password is in a file that a checkout does not have.
type copiesCase struct {
	missing, content string // the file, and what it holds
	compose          string
	edited           string // the compose file of the checkout, "" for the same
	exit             int
	plaintext        bool // the copy is to be in the stack file
}

// everywhere is an application that shows one password wherever a stack file can read it,
// raw and in base64. %[1]s is the password.
const everywhere = `
services:
  web:
    image: nginx:1
    environment:
      - DB_PASSWORD=${DB_PASSWORD}
      - RAW=%[1]s
      - WITHIN=http://hooks.example.com/%[1]s/send
      - BASE64=aWQ6a2Q4M3hxMm12dDl6cGx3bzp4
    labels:
      app.note: see %[1]s here
    configs: [site, note, code]
  cache:
    image: redis:7
    command: redis-server --requirepass %[1]s --port 7000
    healthcheck:
      test: redis-cli -a %[1]s ping
  worker:
    image: busybox
    command: ["sh", "-c", "echo 'x=%[1]s;' && sleep 1000"]
configs:
  site:
    file: site.conf
  note:
    content: "from %[1]s to $$x"
  code:
    content: "a2Q4M3hxMm12dDl6cGx3bw=="
`

// Copies of a value that is not here must stay as they are in the stack file, or nothing is
// written; what the owner calls plain, or has changed to a word, must not.
func TestCheckoutKeepsCopies(t *testing.T) {
	const (
		value   = "kd83xq2mvt9zplwo"
		dotEnv  = "DB_PASSWORD=" + value + "\n"
		service = "services:\n  web:\n    image: nginx:1\n    environment:\n      DB_PASSWORD: ${DB_PASSWORD}\n"
		command = service + "    command: [nginx, -x, " + value + "]\n"
	)
	for name, c := range map[string]copiesCase{
		"everywhere": {missing: ".env", content: dotEnv, compose: fmt.Sprintf(everywhere, value)},
		"in a file of a secret": {
			missing: "db.txt", content: value,
			compose: "services:\n  web:\n    image: nginx:1\n    secrets: [db]\n    environment:\n      NOTE: " + value + "\nsecrets:\n  db: {file: db.txt}\n",
		},
		"called plain now": {
			missing: ".env", content: dotEnv, compose: service + "      NOTE: " + value + "\n",
			edited: service + "      NOTE: " + value + "\nx-docker-secrets: {plain: [NOTE]}\n", plaintext: true,
		},
		"under a name that is none of a secret": {
			missing: ".env", content: dotEnv, compose: service + "      LOG_LEVEL: http://x.example.com/" + value + "\n",
		},
		"of a command":               {missing: ".env", content: dotEnv, compose: command},
		"of a command with new word": {missing: ".env", content: dotEnv, compose: command, edited: service + "    command: [nginx, -x, " + value + ", --verbose]\n", exit: exitFailed},
		"of a label that is new":     {missing: ".env", content: dotEnv, compose: service + "    labels: {a.note: " + value + "}\n", edited: service + "    labels: {a.note: my " + value + "}\n"},
		"of a label with two":        {missing: ".env", content: dotEnv, compose: service + "    labels: {a.note: x " + value + " y}\n", edited: service + "    labels: {a.note: z " + value + " y}\n", exit: exitFailed},
	} {
		t.Run(name, func(t *testing.T) { c.check(t, value) })
	}
}

func (c copiesCase) check(t *testing.T, value string) {
	t.Helper()
	dir := t.TempDir()
	put := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put("site.conf", "upstream "+value+" fast\n")
	put(c.missing, c.content)
	put("docker-compose.yml", c.compose)
	if result := execute(t, dir, nil, "migrate", "--offline"); result.exit != 0 {
		t.Fatalf("exit %d", result.exit)
	}
	if err := os.Remove(filepath.Join(dir, c.missing)); err != nil {
		t.Fatal(err)
	}
	if c.edited != "" {
		put("docker-compose.yml", c.edited)
	}
	before := tree(t, dir)[defaultOutput]
	result := execute(t, dir, nil, "migrate", "--offline")
	if result.exit != c.exit {
		t.Errorf("exit %d, want %d: %s", result.exit, c.exit, result.stderr)
	}
	after := tree(t, dir)[defaultOutput]
	if (strings.Contains(after, value) || strings.Contains(after, "a2Q4M3hxMm12dDl6cGx3b")) != c.plaintext {
		t.Errorf("the value is in plaintext: %v, want %v", !c.plaintext, c.plaintext)
	}
	if c.edited == "" || c.exit != 0 {
		if after != before {
			t.Error("the stack file is another one")
		}
	}
}
