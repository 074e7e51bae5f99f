package plugin

import (
	"strings"
	"testing"

	types "github.com/docker/docker/api/types/swarm"

	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/swarm"
)

// A database must be known by its image, or by what the stack file says that its image is
// built on, whether it reads the password from a file or from the shim's variable.
func TestDatabaseIsKnownByWhatItIsBuiltOn(t *testing.T) {
	const digest = "@sha256:0000000000000000000000000000000000000000000000000000000000000000"
	for _, row := range []struct {
		image, variable, target, lines string
		asks                           bool
	}{
		{"postgres:16" + digest, "POSTGRES_PASSWORD_FILE=/run/secrets/pw", "pw", "", true},
		{"shop-db:latest" + digest, "POSTGRES_PASSWORD_FILE=/run/secrets/pw", "pw", "", false},
		{"shop-db:latest" + digest, "POSTGRES_PASSWORD_FILE=/run/secrets/pw", "pw", "shop-db: FROM postgres:16", true},
		{"shop-db", "POSTGRES_PASSWORD_FILE=/run/secrets/pw", "pw", "shop-db: FROM redis:7", false},
		{"shop-db", "POSTGRES_PASSWORD_FILE=/run/secrets/pw", "pw", `shop-db: ENTRYPOINT ["/x"]`, false},
		{"shop-db", "POSTGRES_PASSWORD_FILE=/run/secrets/pw", "pw", "shop-db: {entrypoint: [/x]}", false},
		{"shop-db", "A=b", "env/A,POSTGRES_PASSWORD", "shop-db: FROM postgres:16", true},
		{"shop-db", "A=b", "env/DATABASE_URL", "shop-db: FROM postgres:16", false},
	} {
		file := stackfile.Stack{}
		if row.lines != "" {
			var err error
			if file, err = stackfile.Parse("docker-compose.prod.yml", []byte("x-images:\n  "+row.lines+"\n")); err != nil {
				t.Fatal(err)
			}
		}
		service := types.Service{Spec: types.ServiceSpec{
			Annotations: types.Annotations{Name: "shop_db", Labels: map[string]string{"com.docker.stack.namespace": "shop"}},
			TaskTemplate: types.TaskSpec{ContainerSpec: &types.ContainerSpec{
				Image: row.image, Env: []string{row.variable},
				Secrets: []*types.SecretReference{{SecretID: "1", SecretName: "pw", File: &types.SecretReferenceFileTarget{Name: row.target}}},
			}},
		}}
		need := checkInitialised(proposal{file: file, before: swarm.State{Stack: "shop", Services: []types.Service{service}}}, "pw")
		if asks := need != nil; asks != row.asks {
			t.Errorf("%s with %s as %s and %q: asks %v, want %v", row.image, row.variable, row.target, row.lines, asks, row.asks)
		}
		if need != nil && !strings.Contains(need.Error(), "db was initialised with it (POSTGRES_PASSWORD)") {
			t.Errorf("%v", need)
		}
	}
}
