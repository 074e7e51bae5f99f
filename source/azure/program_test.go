package azure

import (
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/docker-secrets/docker-secrets/internal/storetest"
)

// A program that only has the environment of a proxy and of a service principal must
// reach the vault, and one without any login must be told how to log in, soon.
func TestProgram(t *testing.T) {
	const text = "azurekeyvault://gym-ai/db-password"
	if os.Getenv("STORETEST_CHILD") != "" {
		result := new(Store).Resolve(t.Context(), storetest.References(t, text))[0]
		t.Logf("GOT %d bytes, %v", result.Value.Len(), result.Err)
		return
	}
	fake := storetest.NewAzure(t)
	fake.Put("gym-ai", "db-password", "seven b")
	proxy := storetest.NewProxy(t, fake.Hosts())
	for want, environ := range map[string][]string{
		"GOT 7 bytes, <nil>": append(proxy.Env(), fake.Env()...),
		"GOT 0 bytes, " + text + ": no Azure login; az login, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET": append(proxy.Env(), "AZURE_TOKEN_CREDENTIALS=dev"),
	} {
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestAzureProgram$", "-test.v")
		child.Env = append([]string{"STORETEST_CHILD=1", "PATH=/nowhere", "HOME=" + t.TempDir()}, environ...)
		began := time.Now()
		said, err := child.CombinedOutput()
		if err != nil || !strings.Contains(string(said), want) {
			t.Errorf("%v: the child says %s, want %s", err, said, want)
		}
		if took := time.Since(began); took > 30*time.Second {
			t.Errorf("took %v", took)
		}
	}
}

// The metadata of a virtual machine must be asked for past any proxy.
func TestMetadataPastProxy(t *testing.T) {
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://169.254.169.254/metadata/identity/oauth2/token", nil)
	if err != nil {
		t.Fatal(err)
	}
	if proxy, err := proxy(request); proxy != nil || err != nil {
		t.Errorf("goes through %v, %v", proxy, err)
	}
}
