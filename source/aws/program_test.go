package aws

import (
	"net/http"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/internal/storetest"
)

// A program that has only an environment must reach AWS's own host names through a proxy,
// and the SDK must print nothing.
func TestProgramWithOnlyAnEnvironment(t *testing.T) {
	texts := []string{"awssecrets://a", "awssecrets://b?region=us-east-1", "awssecrets://c"}
	if os.Getenv(storetest.ChildVariable) != "" {
		storetest.PrintAnswers(t, os.Stdout, new(Store), texts...)
		return
	}
	fake := storetest.NewAWS(t)
	a, b := fake.Put("a", "one"), fake.PutIn("us-east-1", "b", "two", "")
	proxy := storetest.NewProxy(t, map[string]http.Handler{"*.amazonaws.com": fake})
	environ := append(proxy.Env(), fake.Env()...)
	named := slices.DeleteFunc(slices.Clone(environ), func(entry string) bool { return entry == "AWS_ENDPOINT_URL_SECRETS_MANAGER="+fake.URL })
	nobody := " no AWS credentials are found; log in with aws sso login or aws configure, or choose a profile with AWS_PROFILE\n"
	for want, environ := range map[string][]string{
		"one " + a + " <nil>\ntwo " + b + " <nil>\n  awssecrets://c: eu-central-1 has no secret c, but has a: not found\nPASS\n": named,
		"  awssecrets://a:" + nobody + "  awssecrets://b?region=us-east-1:" + nobody + "  awssecrets://c:" + nobody + "PASS\n":   proxy.Env(),
	} {
		if diff := cmp.Diff(want, storetest.RunChild(t, environ)); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
	if asked := proxy.Asked(); !slices.Contains(asked, "secretsmanager.eu-central-1.amazonaws.com") || !slices.Contains(asked, "secretsmanager.us-east-1.amazonaws.com") {
		t.Errorf("asked are %v", asked)
	}
}
