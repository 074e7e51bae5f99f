package images

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/secret"
)

// Every row of the table must be well formed.
func TestImageTable(t *testing.T) {
	table, err := table()
	if err != nil {
		t.Fatal(err)
	}
	if len(table.rows) < 60 {
		t.Fatalf("only %d rows", len(table.rows))
	}
	for i, r := range table.rows {
		useful := r.form.kind != "none" || len(r.secret) > 0 || len(r.initialises) > 0 || r.note != ""
		if !useful || r.form.kind != "none" && len(r.variables) == 0 && len(r.targets) == 0 {
			t.Errorf("row %d (%v): says nothing", i, r.images)
		}
		for _, group := range r.groups {
			for _, name := range group {
				if !r.native(name) {
					t.Errorf("row %d: %s is in a group and has no form", i, name)
				}
			}
		}
		for name, file := range r.targets {
			if strings.ContainsAny(file, "/ ") || name == "" {
				t.Errorf("row %d: %s=%s is no file name", i, name, file)
			}
		}
	}
}

// Faults of the table must be reported by line, all of them.
func TestReadImagesFaults(t *testing.T) {
	_, err := readImages("# head\n" +
		"a\t-\tsuffix:_FILE\tX\n" +
		"a\t=3\tnone\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\n" +
		"a\t-\tmagic\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\n" +
		"a\t-\tsuffix:_FILE\tX[Y]\t-\t-\t-\t-\t-\t-\t-\t-\t-\n" +
		"-\t-\tnone\t-\tboth\ttrim\t-\t-\t-\t-\t-\t-\t-\n" +
		"a\t-\tnone\tX\t-\t-\t-\t-\t-\t-\t-\t-\t-\n" +
		"a\t-\tnone\t-\twho\t-\t-\t-\t-\t-\t-\t-\t-\n" +
		"a\t-\tnone\t-\t-\tnewline\t-\t-\t-\t-\t-\t-\t-\n" +
		"a\t-\tnone\t-\t-\t-\t-\t1000\t-\t-\t-\t-\t-\n")
	want := `images.tsv:2: 4 columns; there are 13
images.tsv:3: tags "=3": write >=VERSION or <VERSION
images.tsv:4: form "magic": write none, suffix, prefix, value, expects, named
images.tsv:5: "X[Y]": a pattern is VARIABLE or SERVICE.VARIABLE, in which only * and ? are special
images.tsv:6: no image
images.tsv:7: variables without a form
images.tsv:8: both "who": there is no such behaviour
images.tsv:9: trim "newline": there is no such trimming
images.tsv:10: an owner without a mode`
	if err == nil {
		t.Fatal("no error")
	}
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// An image must be recognised by what Docker takes its name for, and only then.
func TestImageNames(t *testing.T) {
	for _, row := range []struct {
		image string
		want  bool
	}{
		{"postgres", true},
		{"postgres:16", true},
		{"postgres:16-alpine@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", true},
		{"postgres@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", true},
		{"library/postgres", true},
		{"docker.io/postgres", true},
		{"docker.io/library/postgres:16", true},
		{"index.docker.io/library/postgres", true},
		{"public.ecr.aws/docker/library/postgres:16", true},
		{"registry.example:5000/mirror/postgres:16-alpine", true},
		{"registry.example/postgres", true},
		{"localhost/postgres", true},
		{"localhost:5000/a/b/postgres", true},
		{"mirror.gcr.io/library/postgres", true},
		{"postgis/postgis:16-3.4", true},
		{"registry.example/hub/postgis/postgis", true},
		{"ghcr.io/immich-app/postgres:14-vectorchord", true},
		{"tensorchord/pgvecto-rs:pg16", true},
		{"somebody/postgres", false},
		{"docker.io/somebody/postgres", false},
		{"ghcr.io/somebody/postgres", false},
		{"quay.io/somebody/postgres", false},
		{"cgr.dev/chainguard/postgres", false},
		{"postgres-exporter", false},
		{"mypostgres", false},
		{"Postgres", false},
		{"", false},
		{":", false},
		{"@", false},
		{"/", false},
		{"${IMAGE}", false},
	} {
		got, ok := NativeFor(row.image, "POSTGRES_PASSWORD")
		if ok != row.want || ok && got.Variable != "POSTGRES_PASSWORD_FILE" {
			t.Errorf("%q: %v %+v", row.image, ok, got)
		}
	}
}

// The forms of the table must come out as the variable that has to be set.
func TestNativeFor(t *testing.T) {
	mysqlGroup := []string{"MYSQL_DATABASE", "MYSQL_USER", "MYSQL_PASSWORD"}
	for _, row := range []struct {
		image, variable string
		want            Native
	}{
		{"postgres:16", "POSTGRES_PASSWORD", Native{Variable: "POSTGRES_PASSWORD_FILE", Both: BothFails, Trim: TrimNewlines}},
		{"lscr.io/linuxserver/nextcloud:latest", "DB_PASSWORD", Native{Variable: "FILE__DB_PASSWORD", Both: BothFile, Trim: TrimLines}},
		{"grafana/grafana:11.0.0", "GF_SECURITY_ADMIN_PASSWORD", Native{Variable: "GF_SECURITY_ADMIN_PASSWORD__FILE", Both: BothFails, Trim: TrimNewlines}},
		{"docker.elastic.co/elasticsearch/elasticsearch:8.13.0", "ELASTIC_PASSWORD", Native{Variable: "ELASTIC_PASSWORD_FILE", Mode: "0400", UID: "1000", Both: BothFails, Trim: TrimNewlines}},
		{"dxflrs/garage:v1.0.0", "GARAGE_RPC_SECRET", Native{Variable: "GARAGE_RPC_SECRET_FILE", Mode: "0400", Both: BothFails, Trim: TrimNewlines}},
		{"ghcr.io/goauthentik/server:2024.2", "AUTHENTIK_SECRET_KEY", Native{Variable: "AUTHENTIK_SECRET_KEY", Prefix: "file://", Trim: TrimSpace}},
		{"apache/airflow:2.9", "AIRFLOW__CORE__FERNET_KEY", Native{Variable: "AIRFLOW__CORE__FERNET_KEY_CMD", Prefix: "cat ", Both: BothPlain, Trim: TrimSpace}},
		{"mysql/mysql-server:8.0", "MYSQL_ROOT_PASSWORD", Native{Variable: "MYSQL_ROOT_PASSWORD", Trim: TrimNewlines}},
		{"nextcloud:29", "MYSQL_PASSWORD", Native{Variable: "MYSQL_PASSWORD_FILE", Group: mysqlGroup, Both: BothFails, Trim: TrimSpace}},
		{"rabbitmq:3.8-management", "RABBITMQ_DEFAULT_PASS", Native{Variable: "RABBITMQ_DEFAULT_PASS_FILE"}},
		{"cloudflare/cloudflared:2025.4.0", "TUNNEL_TOKEN", Native{Variable: "TUNNEL_TOKEN_FILE", Both: BothPlain}},
		{"ghcr.io/immich-app/postgres:14", "DB_PASSWORD", Native{Variable: "DB_PASSWORD_FILE", Both: BothFile, Trim: TrimNewlines}},
		{"pgautoupgrade/pgautoupgrade:17-alpine", "POSTGRES_PASSWORD", Native{Variable: "POSTGRES_PASSWORD_FILE", Both: BothFails, Trim: TrimNewlines}},
		{"supabase/postgres:15.8.1.060", "POSTGRES_PASSWORD", Native{Variable: "POSTGRES_PASSWORD_FILE", Both: BothFails, Trim: TrimNewlines}},
		{"listmonk/listmonk:latest", "LISTMONK_db__password", Native{Variable: "LISTMONK_db__password_FILE", Both: BothFile, Trim: TrimNewlines}},
		{"fireflyiii/core:latest", "APP_KEY", Native{Variable: "APP_KEY_FILE", Both: BothFails}},
		{"gitea/gitea:1.22", "GITEA__database__PASSWD", Native{Variable: "GITEA__database__PASSWD__FILE", Trim: TrimNewlines}},
	} {
		got, ok := NativeFor(row.image, row.variable)
		if diff := cmp.Diff(row.want, got); !ok || diff != "" {
			t.Errorf("%s %s: %v (-want +got)\n%s", row.image, row.variable, ok, diff)
		}
	}
}

// An image must not be given a file for what it reads from none.
func TestNativeForNothing(t *testing.T) {
	for _, row := range [][2]string{
		{"postgres", "PGPASSWORD"},
		{"postgres", "POSTGRES_HOST_AUTH_METHOD"},
		{"rabbitmq", "RABBITMQ_DEFAULT_PASS"},
		{"rabbitmq:3-management", "RABBITMQ_DEFAULT_PASS"},
		{"rabbitmq:3.9.0", "RABBITMQ_DEFAULT_PASS"},
		{"rabbitmq:4", "RABBITMQ_DEFAULT_PASS"},
		{"influxdb:1.8", "DOCKER_INFLUXDB_INIT_PASSWORD"},
		{"cloudflare/cloudflared:2024.12.1", "TUNNEL_TOKEN"},
		{"clickhouse/clickhouse-server:23.8", "CLICKHOUSE_PASSWORD"},
		{"redis:7", "REDIS_PASSWORD"},
		{"getmeili/meilisearch:v1.8", "MEILI_MASTER_KEY"},
		{"quay.io/keycloak/keycloak:25.0", "KC_DB_PASSWORD"},
		{"mysql/mysql-server:8.0", "MYSQL_PASSWORD"},
		{"vaultwarden/server", "DATA_FILE"},
		{"vaultwarden/server", "ENV"},
		{"jc21/nginx-proxy-manager", "DB_MYSQL_PASSWORD"},
		{"n8nio/n8n", "OPENAI_API_KEY"},
		{"redmine", "SECRET_KEY_BASE"},
		{"pihole/pihole", "FTLCONF_webserver_api_password"},
		{"netboxcommunity/netbox", "SECRET_KEY"},
		{"supabase/postgres:15.8.1.060", "POSTGRES_USER"},
		{"listmonk/listmonk:v5.0.0", "LISTMONK_db__password"},
		{"joomla:5", "JOOMLA_DB_USER"},
		{"fireflyiii/core", "APP_URL"},
		{"", "POSTGRES_PASSWORD"},
	} {
		if got, ok := NativeFor(row[0], row[1]); ok {
			t.Errorf("%s %s: %+v", row[0], row[1], got)
		}
	}
}

// Images which look for files of their own naming must be known by it.
func TestExpectedFor(t *testing.T) {
	for _, row := range []struct {
		image, variable string
		want            Expected
	}{
		{"netboxcommunity/netbox:v4.0", "SECRET_KEY", Expected{Target: "secret_key", Trim: TrimFirst}},
		{"ghcr.io/plausible/community-edition:v2.1", "SECRET_KEY_BASE", Expected{Target: "SECRET_KEY_BASE", Trim: TrimSpace}},
		{"ghcr.io/blakeblackshear/frigate:stable", "FRIGATE_RTSP_PASSWORD", Expected{Target: "FRIGATE_RTSP_PASSWORD", Trim: TrimSpace}},
		{"pihole/pihole:2025.03.0", "FTLCONF_webserver_api_password", Expected{Target: "webpassword", Variable: "WEBPASSWORD_FILE", Trim: TrimNewlines}},
		{"quay.io/hedgedoc/hedgedoc:1.9.9", "CMD_DB_URL", Expected{Target: "dbURL", Trim: TrimNothing}},
	} {
		got, ok := ExpectedFor(row.image, row.variable)
		if diff := cmp.Diff(row.want, got); !ok || diff != "" {
			t.Errorf("%s %s: %v (-want +got)\n%s", row.image, row.variable, ok, diff)
		}
	}
	for _, row := range [][2]string{{"pihole/pihole:2024.07.0", "FTLCONF_webserver_api_password"}, {"postgres", "POSTGRES_PASSWORD"}, {"netboxcommunity/netbox", "OTHER"}} {
		if got, ok := ExpectedFor(row[0], row[1]); ok {
			t.Errorf("%s %s: %+v", row[0], row[1], got)
		}
	}
}

// A variable that only sets up an empty database must be known as one.
func TestInitialises(t *testing.T) {
	for _, row := range []struct {
		image, variable string
		want            bool
	}{
		{"postgres:16", "POSTGRES_PASSWORD", true},
		{"postgres:16", "POSTGRES_USER", false},
		{"registry.example/mirror/mariadb:11", "MARIADB_ROOT_PASSWORD", true},
		{"mongo", "MONGO_INITDB_ROOT_PASSWORD", true},
		{"rabbitmq:4", "RABBITMQ_DEFAULT_PASS", true},
		{"grafana/grafana", "GF_SECURITY_ADMIN_PASSWORD", true},
		{"grafana/grafana", "GF_DATABASE_PASSWORD", false},
		{"minio/minio", "MINIO_ROOT_PASSWORD", false},
		{"quay.io/keycloak/keycloak", "KC_DB_PASSWORD", false},
		{"quay.io/keycloak/keycloak", "KC_BOOTSTRAP_ADMIN_PASSWORD", true},
		{"app", "POSTGRES_PASSWORD", false},
		{"", "POSTGRES_PASSWORD", false},
	} {
		if _, got := initialising(row.image, row.variable); got != row.want {
			t.Errorf("%s %s: %v", row.image, row.variable, got)
		}
	}
}

// The variable of a file must be known where it only sets up an empty database, with
// the statement that changes it there.
func TestInitialFor(t *testing.T) {
	const postgres, mysql = "ALTER ROLE … PASSWORD …", "ALTER USER … IDENTIFIED BY …"
	for _, row := range []struct{ image, fileVariable, variable, statement string }{
		{"postgres:16@sha256:abc", "POSTGRES_PASSWORD_FILE", "POSTGRES_PASSWORD", postgres},
		{"timescale/timescaledb", "POSTGRES_PASSWORD_FILE", "POSTGRES_PASSWORD", postgres},
		{"bitnami/postgresql", "POSTGRESQL_PASSWORD_FILE", "POSTGRESQL_PASSWORD", postgres},
		{"registry.example/mirror/mariadb:11", "MARIADB_ROOT_PASSWORD_FILE", "MARIADB_ROOT_PASSWORD", mysql},
		{"lscr.io/linuxserver/mariadb", "FILE__MYSQL_PASSWORD", "MYSQL_PASSWORD", mysql},
		{"mysql/mysql-server", "MYSQL_ROOT_PASSWORD", "MYSQL_ROOT_PASSWORD", mysql},
		{"percona", "MYSQL_PASSWORD_FILE", "MYSQL_PASSWORD", mysql},
		{"percona/percona-server-mongodb", "MONGO_INITDB_ROOT_PASSWORD_FILE", "MONGO_INITDB_ROOT_PASSWORD", "db.changeUserPassword(…)"},
		{"grafana/grafana", "GF_SECURITY_ADMIN_PASSWORD__FILE", "GF_SECURITY_ADMIN_PASSWORD", ""},
		{"postgres", "POSTGRES_USER_FILE", "", ""},
		{"postgres", "POSTGRES_PASSWORD", "", ""},
		{"rabbitmq:4", "RABBITMQ_DEFAULT_PASS_FILE", "", ""},
		{"app", "POSTGRES_PASSWORD_FILE", "", ""},
	} {
		got, ok := InitialFor(row.image, row.fileVariable)
		if want := (Initial{row.variable, row.statement}); got != want || ok != (row.variable != "") {
			t.Errorf("%s %s: %+v %v, want %+v", row.image, row.fileVariable, got, ok, want)
		}
	}
}

// A value that an image would change while reading it from a file must be told.
func TestNativeKeeps(t *testing.T) {
	for _, row := range []struct {
		trim Trim
		text string
		want bool
	}{
		{TrimNothing, " a\n", true},
		{TrimNewlines, " a b", true},
		{TrimNewlines, "a\nb", true},
		{TrimNewlines, "a\n", false},
		{TrimSpace, "a\nb", true},
		{TrimSpace, " a", false},
		{TrimLines, "a b", true},
		{TrimLines, "a\nb", false},
		{TrimFirst, "a b", true},
		{TrimFirst, "a\nb", false},
		{TrimUnknown, "a b", true},
		{TrimUnknown, "a\n", false},
	} {
		if got := (Native{Trim: row.trim}).Keeps(secret.NewValue(row.text)); got != row.want {
			t.Errorf("%q %q: %v", row.trim, row.text, got)
		}
	}
}

// No text may make the reader of image names panic.
func FuzzImageNames(f *testing.F) {
	for _, image := range []string{"postgres:16@sha256:00", "a:5000/b/c:v1.2.3-x", "::", "//", "@", "99999999999999999999:99999999999999999999"} {
		f.Add(image, "POSTGRES_PASSWORD")
	}
	f.Fuzz(func(_ *testing.T, image, variable string) {
		NativeFor(image, variable)
		ExpectedFor(image, variable)
		InitialFor(image, variable)
	})
}
