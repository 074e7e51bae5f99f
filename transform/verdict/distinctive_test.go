package verdict

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform"
)

// What a machine made must be searched for everywhere, also if it has one kind of
// character, is short, or has words around it.
func TestDistinctive(t *testing.T) {
	for _, text := range []string{
		"Kd83xQ2mVt9z", "qkzvmwtrhbxpnjfd", "vxqk wjzp rtbn mhgf", "8301746529386104", "my-9f8a7d6b5c4e-secret", "your-Kd83xQ2m-token", "Kd83xQ", "qkzvmwtr", "KdxQmVtZ", "x7#kQp2!", "9f8a7d6b5c4e3f2a", "postgres://app:Kd83xQ2m@db/app",
		"https://hooks.slack.com/services/T0/B0/Kd83xQ2m", "a horse, some staples and 2 lamps", "sunflower-piano-ninety-two-lamps",
	} {
		if !Distinctive(secret.NewValue(text)) {
			t.Errorf("%q is taken for too common", text)
		}
	}
}

// What is a word, a name, an address or a number elsewhere too must not be replaced
// everywhere.
func TestTooCommon(t *testing.T) {
	for _, text := range []string{
		"", "a1", "x7#kQ", "postgres", "production", "password123", "admin", "1234567890123456", "0000000000000000", "1700000000", "3600", "applicationserver", "internationalization",
		"kafka1:9092", "kafka1:9092,kafka2:9092", "redis://redis:6379/0", "https://id.example.com/auth", "admin@example1.com", "10.0.0.1:5432", "1.25.3-alpine3", "2024-01-01", "/run/secrets/db1", "User:admin;User:svc1", "com.example2.auth.Handler", "true", "changeme1",
	} {
		if Distinctive(secret.NewValue(text)) {
			t.Errorf("%q is taken for distinctive", text)
		}
	}
}

// A verdict by the name about an address must be told from one about a password.
func TestByNameOnly(t *testing.T) {
	for row, want := range map[string]bool{
		"APP_SECRET=kafka1:9092": true, "DB_SECRET=admin@example.com": true, "JWT_SECRET=com.example.auth.Secret": true,
		"APP_SECRET=Kd83xQ2m": false, "DB_PASSWORD=sunflower-piano": false, "DB_PASSWORD=postgres": false, "X=postgres://u:p@h/d": false, "MAIL_PASSWORD=qkzvmwtrhbxpnjfd": false,
	} {
		name, value, _ := strings.Cut(row, "=")
		v := secret.NewValue(value)
		f := Policy{}.Judge(Candidate{Name: name, Value: v})
		if f.Verdict != transform.Secret {
			t.Errorf("%s: %v", row, f)
		}
		if got := ByNameOnly(f, v); got != want {
			t.Errorf("%s: %v, %s", row, got, f.Rule)
		}
	}
}

// A value must be found in each text that somebody encoded it in, wherever in the text
// it begins.
func TestEncodings(t *testing.T) {
	value := `Kd83 "x'Q2$m<&/\9z%+`
	forms := Encodings(secret.NewValue(value))
	quoted, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{
		"a query": url.QueryEscape(value), "a path": url.PathEscape(value), "a URL's password": url.UserPassword("u", value).String(), "lower-case percent": strings.ToLower("%2f") + strings.ReplaceAll(lowerEscapes(url.QueryEscape(value)), "", ""),
		"hex": hex.EncodeToString([]byte(value)), "upper-case hex": strings.ToUpper(hex.EncodeToString([]byte(value))), "JSON": string(quoted), "JSON in JSON": strings.ReplaceAll(strings.ReplaceAll(`Kd83 \"x'Q2$m<&/\\9z%+`, `\`, `\\`), "", ""),
		"single quotes": `'Kd83 "x'\''Q2$m<&/\9z%+'`, "double quotes": `"Kd83 \"x'Q2\$m<&/\\9z%+"`, "no quotes": `Kd83\ \"x\'Q2\$m\<\&/\\9z%+`, "Compose": `Kd83 "x'Q2$$m<&/\9z%+`, "XML": `Kd83 &quot;x&apos;Q2$m&lt;&amp;/\9z%+`,
	}
	for _, before := range []string{"", "a", "ab", "abc", "user:"} {
		texts["base64 behind "+before] = base64.StdEncoding.EncodeToString([]byte(before + value + "!"))
		texts["URL's base64 behind "+before] = base64.URLEncoding.EncodeToString([]byte(before + value + "!"))
	}
	for name, text := range texts {
		found := false
		for _, form := range forms {
			found = found || strings.Contains(text, form.Text.Reveal())
		}
		if !found {
			t.Errorf("not found in %s", name)
		}
	}
}

// No form may be the value itself, empty, repeated, or so short that it is anywhere.
func TestEncodingsDiffer(t *testing.T) {
	for _, value := range []string{"", "a", "pw1", "Kd83xQ2mVt9z", "a/b$c d'e\"f", "\x00\xff"} {
		seen := map[string]bool{value: true, "": true}
		for _, form := range Encodings(secret.NewValue(value)) {
			text := form.Text.Reveal()
			if seen[text] || (form.Name == "base64" || form.Name == "hex") && len(text) < 8 {
				t.Errorf("%q: %s gives %q", value, form.Name, text)
			}
			seen[text] = true
		}
	}
	if got := Encodings(secret.NewValue("pw1")); len(got) != 0 {
		t.Errorf("%d forms of a short value without special characters", len(got))
	}
}
