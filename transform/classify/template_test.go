package classify

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform"
	"github.com/docker-secrets/docker-secrets/transform/seal"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// composite is an entry of service api in a compose file, made with variables.
func composite(name, text string, variables []Interpolated) Variable {
	values := map[string]string{}
	for _, x := range variables {
		values[x.Name] = x.Value.Reveal()
	}
	var uses []string
	var pieces []Piece
	var value strings.Builder
	for text != "" {
		plain, rest, found := strings.Cut(text, "${")
		pieces = append(pieces, Piece{Value: secret.NewValue(plain)})
		value.WriteString(plain)
		if !found {
			break
		}
		used, tail, _ := strings.Cut(rest, "}")
		uses = append(uses, used)
		pieces = append(pieces, Piece{Value: secret.NewValue(values[used]), Variable: used})
		value.WriteString(values[used])
		text = tail
	}
	from := secret.Reference{Scheme: "compose", Path: "compose.yaml", Fragment: "services.api.environment." + name}
	return Variable{Service: "api", Name: name, Value: secret.NewValue(value.String()), Set: true, Uses: uses, Pieces: pieces, From: from}
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
		{"a URL", composite("DATABASE_URL", "postgres://app:${DB_PASSWORD}@db:5432/app", variables), "postgres://app:⟦db_password⟧@db:5432/app"},
		{"a URL without a user", composite("REDIS_URL", "redis://:${DB_PASSWORD}@cache/0", variables), "redis://:⟦db_password⟧@cache/0"},
		{"a header", composite("AUTH_HEADER", "Bearer ${API_TOKEN}", variables), "Bearer ⟦api_token⟧"},
		{"two secrets", composite("PAIR_SECRET", "${DB_PASSWORD}:${API_TOKEN}", variables), "⟦db_password⟧:⟦api_token⟧"},
		{"braces", composite("TEXT_BODY", "{{.X}} ${API_TOKEN}\n", variables), "{{.X}} ⟦api_token⟧\n"},
		{"a value that stands twice", composite("DATABASE_URL", "postgres://app:${WEAK_PASSWORD}@db/app", variables), "postgres://app:⟦weak_password⟧@db/app"},
		{"a value within another", composite("PAIR_SECRET", "${LONG_SECRET} ${API_TOKEN}", variables), "⟦long_secret⟧ ⟦api_token⟧"},
		{"half of a secret", composite("ENCRYPTION_KEY", "Kx81mQ-${DB_PASSWORD}", variables), ""},
		{"a literal beside it", composite("MIXED_URL", "https://me:l1teralPass@host/?t=${API_TOKEN}", variables), ""},
		{"another secret's value", composite("MIXED_URL", "${API_TOKEN} and p@ss/w0rd-91", variables), ""},
		{"no secret", composite("SOME_SECRET", "xyz-4711-abc", variables), ""},
		{"used, and not in it", composite("SOME_SECRET", "on-4711-abcdef", variables), ""},
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

// Places of one secret that are made differently, or not known to be made the same
// way, must leave it whole.
func TestPlacesThatDisagreeMakeNoTemplate(t *testing.T) {
	variables := []Interpolated{interpolated("DB_PASSWORD", "p@ss/w0rd-91")}
	made := composite("DATABASE_URL", "postgres://app:${DB_PASSWORD}@db/app", variables)
	other := made
	other.Service, other.Pieces = "web", nil
	in := Input{Variables: []Variable{made, other}, Interpolated: variables}
	_, sealing := Classify(in, verdict.Policy{})
	if got := Templates(in, sealing); len(got) != 0 {
		t.Errorf("%d templates", len(got))
	}
	other.Pieces = made.Pieces
	in.Variables[1] = other
	_, sealing = Classify(in, verdict.Policy{})
	if got := Templates(in, sealing); len(got) != 1 {
		t.Errorf("%d templates, want 1", len(got))
	}
}
