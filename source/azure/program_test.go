package azure

import (
	"net/http"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/internal/storetest"
)

// A program that has only an environment must reach the vault through a proxy. Without a
// login it must be told how to log in.
func TestProgramWithOnlyAnEnvironment(t *testing.T) {
	const text = "azurekeyvault://gym-ai/db-password"
	if os.Getenv(storetest.ChildVariable) != "" {
		storetest.PrintAnswers(t, os.Stdout, new(Store), text)
		return
	}
	fake := storetest.NewAzure(t)
	fake.Put("gym-ai", "db-password", "seven b")
	proxy := storetest.NewProxy(t, fake.Hosts())
	for want, environ := range map[string][]string{
		"seven b 00000000000000000000000000000001 <nil>\nPASS\n":                                                            append(proxy.Env(), fake.Env()...),
		"  " + text + ": no Azure login; az login, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET\nPASS\n": append(proxy.Env(), "AZURE_TOKEN_CREDENTIALS=dev"),
	} {
		if diff := cmp.Diff(want, storetest.RunChild(t, environ)); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
}

// The metadata of a virtual machine must not be asked for through a proxy.
func TestMetadataPastProxy(t *testing.T) {
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://169.254.169.254/metadata/identity/oauth2/token", nil)
	if err != nil {
		t.Fatal(err)
	}
	if proxy, err := proxy(request); proxy != nil || err != nil {
		t.Errorf("goes through %v, %v", proxy, err)
	}
}
