package sopstest

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// program is the sops that TestMain has built.
var program string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "sops")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(dir) }()
	program = filepath.Join(dir, "sops")
	if text, err := exec.Command("go", "build", "-o", program, "github.com/getsops/sops/v3/cmd/sops").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build sops: %v\n%s", err, text)
		return 1
	}
	return m.Run()
}

const canary = "canary-Hq7Rw2Lz9Xk4"

// files are in each of sops's formats, and some that it cannot read.
var files = map[string]string{
	"prod.enc.yaml": "db_password: " + canary + "\nlines: |\n  one\n  two\nnested:\n  key: deep\nnumber: 9007199254740993\nyes: true\numlaut: grün ✓\n",
	"prod.enc.json": `{"db_password": "` + canary + `", "nested": {"key": "deep\n"}}`,
	"prod.enc.env":  "DB_PASSWORD=" + canary + "\nOTHER=with spaces = and #\n",
	"prod.enc.ini":  "[db]\npassword = " + canary + "\n",
	"key.enc.pem":   "-----BEGIN KEY-----\n\x00\x01\xff\n-----END KEY-----\n\n",
}

// folder has every file encrypted for one age key, which environ has.
func folder(t *testing.T) (dir string, environ []string) {
	t.Helper()
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	dir = t.TempDir()
	environ = []string{
		"PATH=" + filepath.Dir(program) + string(os.PathListSeparator) + os.Getenv("PATH"),
		"HOME=" + dir, "SOPS_AGE_KEY=" + identity.String(),
	}
	t.Setenv("PATH", filepath.Dir(program)+string(os.PathListSeparator)+os.Getenv("PATH"))
	for name, content := range files {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(program, "--encrypt", "--age", identity.Recipient().String(), "--in-place", path)
		cmd.Env = environ
		if text, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("encrypt %s: %v\n%s", name, err, text)
		}
		encrypted, err := os.ReadFile(path)
		if err != nil || bytes.Contains(encrypted, []byte(canary)) {
			t.Fatalf("%s is not encrypted: %v", name, err)
		}
	}
	return dir, environ
}

func resolve(t *testing.T, dir string, environ []string, text string) store.Result {
	t.Helper()
	ref, err := secret.ParseReference(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	local := source.Local{Dir: dir, Environ: environ}
	return source.Resolve(t.Context(), source.Systems(local), []secret.Reference{ref})[0]
}

// Values of every format must come out of sops byte for byte.
func TestValuesOfEveryFormatComeExactly(t *testing.T) {
	dir, environ := folder(t)
	for text, want := range map[string]string{
		"sops://prod.enc.yaml#/db_password":   canary,
		"sops://prod.enc.yaml#/lines":         "one\ntwo\n",
		"sops://prod.enc.yaml#/nested/key":    "deep",
		"sops://prod.enc.yaml#/umlaut":        "grün ✓",
		"sops://prod.enc.yaml#/number":        "9007199254740993",
		"sops://prod.enc.json#/nested/key":    "deep\n",
		"ref+sops://prod.enc.env#/OTHER":      "with spaces = and #",
		"sops://prod.enc.env#/DB_PASSWORD":    canary,
		"sops://prod.enc.ini#/db/password":    canary,
		"sops://key.enc.pem":                  files["key.enc.pem"],
		"sops://" + dir + "/key.enc.pem":      files["key.enc.pem"],
		"sops://prod.enc.env":                 files["prod.enc.env"],
		"sops://./prod.enc.json#/db_password": canary,
	} {
		got := resolve(t, dir, environ, text)
		if got.Err != nil {
			t.Errorf("%s: %v", text, got.Err)
		} else if got.Value.Reveal() != want {
			t.Errorf("%s: %d bytes that are not the ones encrypted", text, got.Value.Len())
		}
	}
}

// What cannot be had must be said in plain words, without a value, and only what is
// not there must count as not found.
func TestFaultsAreSaidInPlainWords(t *testing.T) {
	dir, environ := folder(t)
	stranger, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "prod.enc.json")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	renamed := bytes.Replace(content, []byte(`"db_password"`), []byte(`"db_passwort"`), 1)
	start := bytes.Index(content, []byte(`"db_password"`))
	removed := append(bytes.Clone(content[:start]), content[start+bytes.IndexByte(content[start:], '\n'):]...)
	for name, content := range map[string][]byte{"renamed.json": renamed, "removed.json": removed, "plain.yaml": []byte("db_password: " + canary + "\n")} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		ref, want string
		environ   []string
		notFound  bool
	}{
		{ref: "sops://prod.enc.yaml#/db-password", want: "sops://prod.enc.yaml#/db-password: the payload has no key db-password, but has db_password: not found", notFound: true},
		{ref: "sops://none.yaml#/db_password", want: "sops://none.yaml#/db_password: no such file: not found", notFound: true},
		{ref: "sops://prod.enc.json#/db_password", environ: []string{"HOME=" + dir}, want: "none of your keys decrypts it"},
		{ref: "sops://prod.enc.json#/db_password", environ: []string{"HOME=" + dir, "SOPS_AGE_KEY=" + stranger.String()}, want: "none of your keys decrypts it"},
		{ref: "sops://renamed.json#/nested/key", want: "it was changed since it was encrypted"},
		{ref: "sops://removed.json#/nested/key", want: "it was changed since it was encrypted"},
		{ref: "sops://plain.yaml#/db_password", want: "it is not encrypted with sops"},
		{ref: "sops://prod.enc.yaml?version=3#/db_password", want: "unknown argument ?version="},
	} {
		if tt.environ == nil {
			tt.environ = environ
		}
		got := resolve(t, dir, tt.environ, tt.ref)
		if got.Err == nil || !strings.Contains(got.Err.Error(), tt.want) || strings.Contains(got.Err.Error(), canary) {
			t.Errorf("%s: %v; want %q", tt.ref, got.Err, tt.want)
		}
		if errors.Is(got.Err, store.ErrNotFound) != tt.notFound {
			t.Errorf("%s: not found: %v", tt.ref, !tt.notFound)
		}
	}
}
