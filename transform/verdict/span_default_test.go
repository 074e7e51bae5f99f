package verdict

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The default of a variable that a shell fills in must be judged by what is around it.
func TestCredentialsInDefaults(t *testing.T) {
	for text, want := range map[string][]string{
		"postgres://app:${PW:-Kx81mQz92Lw}@db/app":                 {"Kx81mQz92Lw"},
		"postgres://${U:-app}:${PW:-Kx81mQz92Lw}@${H:-db}/app":     {"Kx81mQz92Lw"},
		`{"db":{"password":"${X:-Kx81mQz92Lw}"}}`:                  {"Kx81mQz92Lw"},
		"postgres://app:${X:-Kx8:1mQ@z9/2Lw}@db/app":               {"Kx8:1mQ@z9/2Lw"},
		"IDENTIFIED BY '${X:-Kx81mQz92Lw}'":                        {"Kx81mQz92Lw"},
		"https://api.example.com/v1?api_key=${X:-Kx81mQz92Lw}&a=b": {"Kx81mQz92Lw"},
		"https://${HOST:-localhost}:${PORT:-8080}/v1?a=${X:-b}":    nil,
		"${A:-b} c ${PW}": nil,
	} {
		var got []string
		for _, span := range Credentials(text) {
			got = append(got, text[span.Start:span.End])
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", text, diff)
		}
	}
}
