package verdict

import (
	"testing"

	"github.com/docker-secrets/docker-secrets/secret"
)

// Values that protect nothing must be weak, in a URL too.
func TestWeak(t *testing.T) {
	for _, text := range []string{
		"", " ", "abc", "changeme", "ChangeMe!", "change-me-in-production", "please_change_me", "changethis", "password", "Password123", "P@ssw0rd", "passw0rd!",
		"secret", "supersecret", "admin", "admin123", "root", "toor", "postgres", "minioadmin", "example", "12345", "1234567890", "87654321", "aaaaaaaa", "abcdefgh", "00000000",
		"<your-api-key>", "<password>", "[insert password here]", "{{ password }}", "your-secret-key-here", "your_password_here", "YOUR_API_KEY", "my-secret-token", "replace-with-a-long-string",
		"REPLACE_ME", "xxxxxxxx", "********", "...", "todo", "insert_key_here", "dev-only-key", "some-secret-value", "fake-token", "example_password", "test-secret-key",
		"your-super-secret-jwt-token-with-at-least-32-characters-long", "this-is-an-insecure-default", "postgres://app:changeme@db/app", "redis://:@redis:6379", "qwerty12", "letmein",
		"django-insecure-x!y", "__CHANGE_IT__",
	} {
		if !Weak(secret.NewValue(text)) {
			t.Errorf("%q is not weak", text)
		}
	}
}

// What a machine made, or somebody took trouble with, must not be weak.
func TestNotWeak(t *testing.T) {
	for _, text := range []string{
		"aB3dE5gH7jK9", "e2341419ec3dd3d19b13a1a87fafcbfb", "a horse, some staples and 2 lamps", "x7#kQ", "postgres://app:aB3dE5gH@db/app", "-----BEGIN PRIVATE KEY-----",
		"hunter2secretly", "3zDs-kk2P", "sunflower-piano-ninety-two", "awssecrets://prod/db", "99luftballons-rot", "passat-1998-wolfsburg", "#9xK2mQ7", "!@#$%^&*()_+",
	} {
		if Weak(secret.NewValue(text)) {
			t.Errorf("%q is weak", text)
		}
	}
}

// The list of weak words must hold each word once, as it is compared.
func TestWeakWords(t *testing.T) {
	if len(weakWords()) < 100 {
		t.Fatalf("only %d words", len(weakWords()))
	}
	for word := range weakWords() {
		for _, r := range word {
			if letterOrDigit(r) < 0 {
				t.Errorf("%q: %q is taken off before the comparison", word, r)
			}
		}
	}
}

// The words that are looked for first must be in a sample of each row of placeholder.
func TestPlaceholderWordsHideNone(t *testing.T) {
	for _, sample := range []string{
		"<password>", "[password]", "{{ password }}", "__PASSWORD__", "%PASSWORD%", "....", "****", "XXXX", "# none",
		"please-Change-Me", "changemeNOW", "pleaseset", "please_replace it", "changeencryptionkey", "to-be-filled", "mustbeset", "TO_BE_REPLACED",
		"put-it-in", "generate_with openssl", "Enter your own", "add here", "provide this", "create-me", "type me",
		"ReplaceMe", "fillme", "SETME", "fill", "todo", "TBD", "fixme", "insert",
		"your-pwd.salt", "my.passwd", "the_key", "some token", "any-value", "a_string", "an.secret", "test-chars", "dummy-characters", "fake.pass", "sample_here",
		"x-super-strong-long-y", "your-own-secret-1", "db-here", "a-placeholder", "b_changeme", "k-example",
		"dev-only-key", "dev_only", "not-secure", "insecure", "x-unsafe", "donotuse", "do_not_use",
	} {
		if got, want := isPlaceholder(sample), placeholder().MatchString(sample); got != want {
			t.Errorf("%q: %t, the expression says %t", sample, got, want)
		}
	}
}
