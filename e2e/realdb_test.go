package e2e

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A plain compose file, as people have it. The kernel of a test machine may lack
// IPVS, without which a Swarm's virtual addresses lead nowhere: hence dnsrr.
const realServers = `name: realdb
services:
  db:
    image: postgres:16-bookworm
    environment:
      POSTGRES_PASSWORD: ${DB_PASSWORD}
    volumes:
      - data:/var/lib/postgresql/data
    healthcheck:
      test: PGPASSWORD=$$POSTGRES_PASSWORD psql -h 127.0.0.1 -U postgres -c 'select 1'
      interval: 1s
      retries: 60
    deploy: {endpoint_mode: dnsrr}
  cache:
    image: redis:7-bookworm
    command: redis-server --requirepass ${REDIS_PASSWORD}
    healthcheck:
      test: redis-cli -a "${REDIS_PASSWORD}" ping | grep PONG
      interval: 1s
      retries: 60
    deploy: {endpoint_mode: dnsrr}
  app:
    image: example.test/app:1
    environment:
      DATABASE_URL: postgres://postgres:${DB_PASSWORD}@db/postgres
      REDIS_URL: redis://default:${REDIS_PASSWORD}@cache:6379/0
    depends_on: [db, cache]
    healthcheck:
      test: test -f /tmp/ready
      interval: 1s
      retries: 60
volumes:
  data:
`

// logins logs in from the application's container with the URLs that the application
// has, then with a wrong password in them, then with none.
const logins = `
url() { tr '\0' '\n' </proc/1/environ | sed -n "s|^$1=||p"; }
with() { sed "s|:[^:@]*@|$1@|"; }
db() { psql "$1" -wAtc "select 'logged in as ' || current_user" 2>&1 | sed 's/.* failed: //; s/^FATAL: *//'; }
cache() { redis-cli -u "$1" ping 2>&1 | grep -oE 'PONG|WRONGPASS'; }
db "$(url DATABASE_URL)"
db "$(url DATABASE_URL | with :wrong)"
db "$(url DATABASE_URL | with '')"
cache "$(url REDIS_URL)"
cache "$(url REDIS_URL | with :wrong)"
redis-cli -h cache ping
`

// A real PostgreSQL and a real Redis must let the application in with the moved
// passwords and refuse wrong ones, and nothing may show what they are.
func TestRealServersTakeMovedPasswords(t *testing.T) {
	t.Parallel()
	const dbPassword, redisPassword = "Pg_zebra-4471~q", "Cache_yak-8823~w"
	r := newRig(t)
	r.serverImages()
	t.Cleanup(func() { _ = r.command(context.Background(), r.engine.Host, "volume", "rm", "realdb_data").Run() })
	r.removeStack("realdb", "realdb_db_password", "realdb_redis_password", "realdb_database_url", "realdb_redis_url")
	r.write(".env", "DB_PASSWORD="+dbPassword+"\nREDIS_PASSWORD="+redisPassword+"\n")
	r.write("docker-compose.yml", realServers)
	r.must("secrets", "migrate", "--prefix", "realdb_")
	r.must("secrets", "deploy", "--resolve-image", "never", "--stable", "1s", "--timeout", "90s")
	services := []string{"realdb_db", "realdb_cache", "realdb_app"}
	for _, service := range services {
		r.healthy(service)
	}
	want := `logged in as postgres
password authentication failed for user "postgres"
fe_sendauth: no password supplied
PONG
WRONGPASS
NOAUTH Authentication required.

`
	got := r.inTask("realdb_app", "sh", "-c", logins)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("logins (-want +got)\n%s", diff)
	}
	if user := r.inTask("realdb_cache", "stat", "-c", "%U", "/proc/1"); user != "redis\n" {
		t.Errorf("redis-server runs as %q: the image's entrypoint did not see its name", user)
	}
	r.hidden(dbPassword, services...)
	r.hidden(redisPassword, services...)
	for _, service := range services {
		logs := r.must("service", "logs", service)
		if text := logs.stdout + logs.stderr; strings.Contains(text, dbPassword) || strings.Contains(text, redisPassword) {
			t.Errorf("%s: its log shows a password", service)
		}
	}
}
