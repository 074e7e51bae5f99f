package e2e

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// The entrypoints do what those of the official images do with a password and with
// the user, in the order in which they do it: root prepares the folder, the server's
// user reads the file. Unlike there, a client on the loopback interface needs the
// password too, so that a healthcheck shows it.
const (
	postgresEntrypoint = `#!/bin/sh
set -eu
[ "${1#-}" = "$1" ] || set -- postgres "$@"
[ "$1" = postgres ] || exec "$@"
if [ "$(id -u)" = 0 ]; then
    mkdir -p "$PGDATA"
    chown postgres:postgres "$PGDATA"
    chmod 700 "$PGDATA"
    exec su -s /bin/sh -c 'exec "$0" "$@"' -- postgres "$0" "$@"
fi
if [ "${POSTGRES_PASSWORD:-}" ] && [ "${POSTGRES_PASSWORD_FILE:-}" ]; then
    echo "POSTGRES_PASSWORD and POSTGRES_PASSWORD_FILE are both set" >&2
    exit 1
fi
[ -z "${POSTGRES_PASSWORD_FILE:-}" ] || POSTGRES_PASSWORD=$(cat "$POSTGRES_PASSWORD_FILE")
unset POSTGRES_PASSWORD_FILE
if ! [ -s "$PGDATA/PG_VERSION" ]; then
    if [ -z "${POSTGRES_PASSWORD:-}" ]; then
        echo "a new database needs POSTGRES_PASSWORD" >&2
        exit 1
    fi
    printf '%s\n' "$POSTGRES_PASSWORD" | initdb --no-sync --username=postgres --pwfile=/dev/stdin \
        --locale=C --encoding=UTF8 --auth-local=trust --auth-host=scram-sha-256
    echo "host all postgres all scram-sha-256" >>"$PGDATA/pg_hba.conf"
    printf "listen_addresses = '*'\nunix_socket_directories = '/tmp'\n" >>"$PGDATA/postgresql.conf"
fi
exec "$@"
`
	redisEntrypoint = `#!/bin/sh
set -eu
[ "${1#-}" = "$1" ] || set -- redis-server "$@"
if [ "$1" = redis-server ] && [ "$(id -u)" = 0 ]; then
    chown redis:redis .
    exec su -s /bin/sh -c 'exec "$0" "$@"' -- redis "$0" "$@"
fi
exec "$@"
`
)

// application logs in to both servers with nothing but what its environment says,
// and stays.
const application = `#!/bin/sh
trap 'exit 0' TERM
until psql "$DATABASE_URL" -Atc 'select 1' && redis-cli -u "$REDIS_URL" ping | grep PONG; do sleep 1; done
touch /tmp/ready
sleep 100000 & wait
`

// imaging lets one test at a time make images.
var imaging sync.Mutex

// serverImages makes postgres:16-bookworm, redis:7-bookworm and example.test/app:1 of Debian's packages.
// The tags are those that people write; PostgreSQL is of the version that Debian has.
func (r *rig) serverImages() {
	r.t.Helper()
	imaging.Lock()
	defer imaging.Unlock()
	if r.docker("image", "inspect", "example.test/app:1").code == 0 {
		return // another test made them
	}
	root := unpack(r.t, serverPackages(r.t))
	bins, err := filepath.Glob(filepath.Join(root, "usr/lib/postgresql/*/bin"))
	if err != nil || len(bins) != 1 {
		r.t.Fatalf("the packages have %d PostgreSQL: %v", len(bins), err)
	}
	putFile(r.t, root, "etc/passwd", 0o644, "root:x:0:0::/:/bin/sh\npostgres:x:999:999::/:/bin/sh\nredis:x:998:998::/:/bin/sh\n")
	putFile(r.t, root, "etc/group", 0o644, "root:x:0:\npostgres:x:999:\nredis:x:998:\n")
	const base, entrypoint, app = "example.test/servers:1", "usr/local/bin/docker-entrypoint.sh", "usr/local/bin/app"
	r.layer("busybox:local", base, root,
		"ENV PATH=/usr/local/bin:"+bins[0][len(root):]+":/usr/bin:/bin", "ENV PGDATA=/var/lib/postgresql/data")
	for _, image := range []struct {
		name, file, content string
		changes             []string
	}{
		{"postgres:16-bookworm", entrypoint, postgresEntrypoint, []string{`ENTRYPOINT ["docker-entrypoint.sh"]`, `CMD ["postgres"]`}},
		{"redis:7-bookworm", entrypoint, redisEntrypoint, []string{`ENTRYPOINT ["docker-entrypoint.sh"]`, `CMD ["redis-server"]`, "WORKDIR /data"}},
		{"example.test/app:1", app, application, []string{`CMD ["app"]`}},
	} {
		files := r.t.TempDir()
		putFile(r.t, files, image.file, 0o755, image.content)
		r.layer(base, image.name, files, image.changes...)
	}
}

// layer makes an image of another one and the files of a folder.
func (r *rig) layer(from, name, files string, changes ...string) {
	r.t.Helper()
	const container = "realdb-layer"
	r.must("create", "--name", container, from, "true")
	r.must("cp", "--quiet", files+"/.", container+":/")
	commit := []string{"commit"}
	for _, change := range changes {
		commit = append(commit, "--change", change)
	}
	r.must(append(commit, container, name)...)
	r.must("rm", container)
}

func putFile(t *testing.T, root, name string, mode os.FileMode, content string) {
	t.Helper()
	path := filepath.Join(root, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), mode); err != nil {
		t.Fatal(err)
	}
}
