package classify

import (
	"strings"
	"testing"

	"github.com/docker-secrets/docker-secrets/secret"
)

// A value must be redacted as it is written in a stack file and in every other form.
func TestRedactKnowsForms(t *testing.T) {
	sealing := Sealing{values: []Sealed{{Secret: "a", Value: secret.NewValue("Kx81$mQ/z92Lw")}, {Secret: "key", Value: secret.NewValue("first-line-91\nsecond-line-82\n")}}}
	for _, text := range []string{"Kx81$mQ/z92Lw", "Kx81$$mQ/z92Lw", "Kx81%24mQ%2Fz92Lw", "S3g4MSRtUS96OTJMdw==", "    second-line-82"} {
		if got := sealing.Redactor().Redact("x: " + text + " end"); strings.Contains(got, strings.TrimSpace(text)) {
			t.Errorf("form %d bytes long is shown", len(text))
		}
	}
}

// What somebody added by hand must be redacted by its shape.
func TestRedactByShape(t *testing.T) {
	for text, want := range map[string]string{
		"      DB_PASSWORD: Kx81mQz92Lw\n":          "      DB_PASSWORD: [redacted]\n",
		"      URL: postgres://u:Kx81mQz92Lw@h/x\n": "      URL: postgres://u:[redacted]@h/x\n",
		"    image: nginx:1\n":                      "    image: nginx:1\n",
	} {
		if got := RedactByShape(text); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
