package secret_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/secret"
)

// A reference must be taken apart as it is written, and put together the same.
func TestReferenceIsReadBackAsItWas(t *testing.T) {
	for text, want := range map[string]secret.Reference{
		"env://API_KEY":                         {Scheme: "env", Path: "API_KEY"},
		"dotenv://a dir/.env#DB_PASSWORD":       {Scheme: "dotenv", Path: "a dir/.env", Fragment: "DB_PASSWORD"},
		"env://A?file=x.env&file=y.env":         {Scheme: "env", Path: "A", Query: []secret.Param{{Key: "file", Value: "x.env"}, {Key: "file", Value: "y.env"}}},
		"awssecrets://arn:aws:x:1:secret:a#/k":  {Scheme: "awssecrets", Path: "arn:aws:x:1:secret:a", Fragment: "/k"},
		"compose://c.yml#services.a.command?x=": {Scheme: "compose", Path: "c.yml", Fragment: "services.a.command?x="},
		"file://50%.txt":                        {Scheme: "file", Path: "50%.txt"},
	} {
		got, err := secret.ParseReference(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", text, diff)
		}
		if got.String() != text {
			t.Errorf("%s is written %s", text, got)
		}
	}
}

// What is no reference must be an error that does not quote it: it may be a
// secret itself.
func TestBadReferenceIsNotQuoted(t *testing.T) {
	for _, bad := range []string{"", "hunter2x", "://hunter2x", "Hunter://2x", "env://", "env://A?hunter2x", "hun ter://2x"} {
		if _, err := secret.ParseReference(bad); err == nil || strings.Contains(strings.ToLower(err.Error()), "hunter") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// Whatever parses must read back what it writes.
func FuzzParseReference(f *testing.F) {
	for _, seed := range []string{"env://A", "ref+vault://a/b?version=1#/k", "a://?#", "a://b?c=d&&e=#f#g", "x://y?z"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		ref, err := secret.ParseReference(text)
		if err != nil {
			return
		}
		again, err := secret.ParseReference(ref.String())
		if err != nil {
			t.Fatalf("%q is written %q, which is none: %v", text, ref.String(), err)
		}
		if diff := cmp.Diff(ref, again); diff != "" {
			t.Fatalf("%q is read back otherwise (-want +got)\n%s", text, diff)
		}
	})
}
