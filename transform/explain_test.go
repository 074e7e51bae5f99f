package transform

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/internal/shelltest"
)

// Every delivery of the service must be explained, and code only be given for
// what the application has to read.
func TestEveryDeliveryIsExplained(t *testing.T) {
	delivered := []Delivered{
		{Service: "api", Variable: "API_KEY", Delivery: DeliverFile, Target: "api_key"},
		{Service: "api", Variable: "db.password", Delivery: DeliverFile, Target: "db_password"},
		{Service: "api", Variable: "TOKEN", Delivery: DeliverEnv, Target: "token"},
		{Service: "db", Variable: "POSTGRES_PASSWORD", Delivery: DeliverNative, Target: "db_password"},
	}
	got := Explain("api", delivered, Codebase{})
	want := []string{
		"API_KEY: the application reads /run/secrets/api_key",
		"db.password: the application reads /run/secrets/db_password",
		"TOKEN: a variable as before, made from /run/secrets/token when the container starts",
	}
	if diff := cmp.Diff(want, got.Deliveries); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	var languages []string
	for _, code := range got.Code {
		languages = append(languages, code.Language)
		for _, text := range []string{"API_KEY", "db.password", `api_key`, "db_password"} {
			if !strings.Contains(code.Text, text) {
				t.Errorf("%s: no %s in\n%s", code.Language, text, code.Text)
			}
		}
	}
	if diff := cmp.Diff("Python Node.js Go Java Ruby PHP Shell", strings.Join(languages, " ")); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if db := Explain("db", delivered, Codebase{}); len(db.Deliveries) != 1 || db.Code != nil {
		t.Errorf("%+v", db)
	}
}

// The code must run where its language is here, and read the file, else the variable.
func TestExplainedCodeRuns(t *testing.T) {
	path := shelltest.WriteSecret(t, shelltest.Awkward)("")
	dir, file := path[:strings.LastIndexByte(path, '/')], path[strings.LastIndexByte(path, '/')+1:]
	delivered := []Delivered{
		{Service: "api", Variable: "API_KEY", Delivery: DeliverFile, Target: file},
		{Service: "api", Variable: "OTHER", Delivery: DeliverFile, Target: "missing"},
	}
	show := map[string]string{
		"Python":  "print(API_KEY + '|' + OTHER, end='')",
		"Node.js": "process.stdout.write(apiKey + '|' + other)",
		"Ruby":    "print api_key + '|' + other",
		"PHP":     "echo $apiKey . '|' . $other;",
		"Shell":   `printf '%s|%s' "$API_KEY" "$OTHER"`,
	}
	programs := map[string][]string{
		"Python": {"python3", "-c"}, "Node.js": {"node", "-e"}, "Ruby": {"ruby", "-e"}, "PHP": {"php", "-r"}, "Shell": {"sh", "-c"},
	}
	for _, code := range Explain("api", delivered, Codebase{}).Code {
		words, known := programs[code.Language]
		if !known {
			continue
		}
		if _, err := exec.LookPath(words[0]); err != nil {
			continue
		}
		text := strings.ReplaceAll(code.Text, "/run/secrets", dir) + show[code.Language]
		cmd := exec.CommandContext(t.Context(), words[0], append(words[1:], text)...)
		cmd.Env = append(cmd.Environ(), "OTHER=from the environment")
		got, err := cmd.CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v\n%s\n%s", code.Language, err, text, got)
			continue
		}
		if diff := cmp.Diff(shelltest.Awkward+"|from the environment", string(got)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", code.Language, diff)
		}
	}
}

// A codebase whose language is known must be shown that language alone, its framework's
// own way first.
func TestExplainShowsOneLanguage(t *testing.T) {
	delivered := []Delivered{{Service: "api", Variable: "API_KEY", Delivery: DeliverFile, Target: "api_key"}}
	other := []Delivered{{Service: "api", Variable: "API_KEY", Delivery: DeliverFile, Target: "api_key_2"}}
	for _, c := range []struct {
		delivered []Delivered
		codebase  Codebase
		want      string
	}{
		{delivered, Codebase{Language: "Python"}, "Python (Django), Python (FastAPI), Python"},
		{delivered, Codebase{Language: "Python", Framework: "FastAPI"}, "Python (FastAPI), Python"},
		{delivered, Codebase{Language: "Python", Framework: "Django"}, "Python (Django), Python"},
		{other, Codebase{Language: "Python", Framework: "FastAPI"}, "Python"},
		{delivered, Codebase{Language: "Go"}, "Go"},
	} {
		var languages []string
		for _, code := range Explain("api", c.delivered, c.codebase).Code {
			languages = append(languages, code.Language)
		}
		if got := strings.Join(languages, ", "); got != c.want {
			t.Errorf("%+v: %s, want %s", c.codebase, got, c.want)
		}
	}
}

// An explanation must say what shows that the delivery works, and how to choose another.
func TestExplainNamesEvidenceAndAlternative(t *testing.T) {
	got := Explain("api", []Delivered{{Service: "api", Variable: "API_KEY", Delivery: DeliverEnv, Target: "api_key", Evidence: "it starts as Dockerfile says"}}, Codebase{})
	if !strings.HasSuffix(got.Deliveries[0], "(it starts as Dockerfile says)") || !strings.HasPrefix(got.Other, "--deliver api=file ") {
		t.Errorf("%+v", got)
	}
}
