package classify

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform"
	"github.com/docker-secrets/docker-secrets/transform/seal"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// composite is an entry of service api in a compose file.
func composite(name, value string, uses ...string) Variable {
	from := secret.Reference{Scheme: "compose", Path: "compose.yaml", Fragment: "services.api.environment." + name}
	return Variable{Service: "api", Name: name, Value: secret.NewValue(value), Set: true, Uses: uses, From: from}
}

func interpolated(name, value string) Interpolated {
	return Interpolated{Name: name, Value: secret.NewValue(value), From: secret.Reference{Scheme: "env", Path: name}}
}

// A value that is made with secrets must become a template that gives it back,
// and stay whole wherever that is not certain or its text tells something.
func TestTemplateGivesTheValueBack(t *testing.T) {
	variables := []Interpolated{
		interpolated("DB_PASSWORD", "p@ss/w0rd-91"), interpolated("API_TOKEN", "tok_98765abcdefg"), interpolated("WEAK_PASSWORD", "app"),
		interpolated("LONG_SECRET", "tok_98765abcdefg-and-more"), interpolated("HOST", "db"),
	}
	for _, tt := range []struct {
		what  string
		entry Variable
		want  string
	}{
		{"a URL", composite("DATABASE_URL", "postgres://app:p@ss/w0rd-91@db:5432/app", "DB_PASSWORD", "HOST"), "postgres://app:⟦db_password⟧@db:5432/app"},
		{"a URL without a user", composite("REDIS_URL", "redis://:p@ss/w0rd-91@cache/0", "DB_PASSWORD"), "redis://:⟦db_password⟧@cache/0"},
		{"a header", composite("AUTH_HEADER", "Bearer tok_98765abcdefg", "API_TOKEN"), "Bearer ⟦api_token⟧"},
		{"two secrets", composite("PAIR_SECRET", "p@ss/w0rd-91:tok_98765abcdefg", "DB_PASSWORD", "API_TOKEN"), "⟦db_password⟧:⟦api_token⟧"},
		{"braces", composite("TEXT_SECRET", "{{.X}} tok_98765abcdefg\n", "API_TOKEN"), "{{.X}} ⟦api_token⟧\n"},
		{"a value that stands twice", composite("DATABASE_URL", "postgres://app:app@db/app", "WEAK_PASSWORD"), ""},
		{"a value within another", composite("PAIR_SECRET", "tok_98765abcdefg-and-more tok_98765abcdefg", "LONG_SECRET", "API_TOKEN"), "⟦long_secret⟧ ⟦api_token⟧"},
		{"a literal beside it", composite("MIXED_URL", "https://me:l1teralPass@host/?t=tok_98765abcdefg", "API_TOKEN"), ""},
		{"another secret's value", composite("MIXED_URL", "tok_98765abcdefg and p@ss/w0rd-91", "API_TOKEN"), ""},
		{"no secret", composite("SOME_SECRET", "xyz-4711-abc", "HOST"), ""},
		{"used, and not in it", composite("SOME_SECRET", "on-4711-abcdef", "API_TOKEN"), ""},
	} {
		in := Input{Variables: []Variable{tt.entry}, Interpolated: variables}
		_, sealing := Classify(in, verdict.Policy{})
		got := Templates(in, sealing)
		name := transform.SecretName(tt.entry.Name)
		if diff := cmp.Diff(tt.want, seal.Replace(got[name], func(part string) string { return "⟦" + part + "⟧" })); diff != "" {
			t.Errorf("%s (-want +got)\n%s", tt.what, diff)
		}
		rendered := seal.Replace(got[name], func(part string) string {
			for _, known := range sealing.Values() {
				if known.Secret == part {
					return known.Value.Reveal()
				}
			}
			return "?"
		})
		if tt.want != "" && rendered != tt.entry.Value.Reveal() {
			t.Errorf("%s: it gives another value", tt.what)
		}
	}
}

// Places of one secret that are made differently must leave it whole, and so must
// an env file, which is read again.
func TestPlacesThatDisagreeMakeNoTemplate(t *testing.T) {
	variables := []Interpolated{interpolated("DB_PASSWORD", "p@ss/w0rd-91")}
	made := composite("DATABASE_URL", "postgres://app:p@ss/w0rd-91@db/app", "DB_PASSWORD")
	other := made
	other.Service, other.From = "web", secret.Reference{Scheme: "dotenv", Path: ".env", Fragment: "DATABASE_URL"}
	in := Input{Variables: []Variable{made, other}, Interpolated: variables}
	_, sealing := Classify(in, verdict.Policy{})
	if got := Templates(in, sealing); len(got) != 0 {
		t.Errorf("%d templates", len(got))
	}
	other.From = made.From
	in.Variables[1] = other
	_, sealing = Classify(in, verdict.Policy{})
	if got := Templates(in, sealing); len(got) != 1 {
		t.Errorf("%d templates, want 1", len(got))
	}
}
