package verdict

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform"
)

// spanRows are texts with each credential between « and ».
var spanRows = []string{
	// URLs
	`postgres://app:«Kd83xQ2m»@db:5432/app`, `https://oauth2:«Kd83xQ2m»@git.example.com/a.git`, `a=http://u:«p1»@h,http://v:«p2»@i`,
	`https://h/feed?api_key=«Kd83xQ2m»&page=2`, `https://h/x?page=1&token=«Kd83xQ2m»`, `https://acc.blob.example/c?sv=2022&sr=b&sig=«aB3%2BdE5gH%3D»&se=1`, `/hook?secret=«Kd83xQ2m»`,
	`https://h/x?code=«Kd83xQ2mVt9z==»`, `https://h/v1?appid=«9f8a7d6b5c4e3f2a1b0c9d8e7f6a5b4c»`, `https://h/#access_token=«Kd83xQ2m»`, `wss://h/s?access_token=«Kd83xQ2m»`,
	`nats://«tk_Kd83xQ2m»@nats:4222`, `nats://«mytoken»@nats:4222`, `https://«Kd83xQ2mVt9zLp4w»@git.example.com/a.git`,
	`jdbc:oracle:thin:scott/«Kd83xQ2m»@//db:1521/x`, `jdbc:oracle:thin:scott/«Kd83xQ2m»@db:1521:x`, `scott/«Kd83xQ2m»@//db:1521/x`, `sqlplus scott/«tiger»@//db/x`, `jdbc:postgresql://db/app?user=u&password=«Kd83xQ2m»`,
	`app:«Kd83xQ2m»@tcp(db:3306)/app`, `app:«Kd83xQ2m»@db:5432/app`,
	`https://hooks.slack.com/services/«T0/B0/Kd83xQ2m»`, `https://discord.com/api/webhooks/«1/Kd83xQ2m»`, `https://api.telegram.org/bot«123456789:AAKd83xQ2mVt9zLp4wKd83xQ2mVt9zLp4w1/getMe»`,
	`https://mm.example.com/hooks/«9xkqfz7h3bgjmxkd8wq5t1ynra»`, `https://n8n.example.com/webhook/«3f2a1b0c-9d8e-4f6a-8b4c-1a2b3c4d5e6f»`, `https://prod-1.westeurope.logic.azure.com:«443/workflows/x/triggers/manual?sig=Kd83xQ2m»`,
	`discord://«Kd83xQ2mVt9z@123456»`, `see https://hooks.slack.com/services/«T0/B0/Kd83xQ2m» for it`,
	`postgres://app:«Kd83xQ2m» # to be changed`, `redis://:«qkzvmwt»`,
	// names and values
	`{"db":{"pass":"«Kd83xQ2m»"}}`, `{"a":[{"smtp":{"user":"u","password":"«Kd 83,x»"}}],"n":1}`, `{\"password\":\"«Kd83xQ2m»\"}`, `{'token': '«Kd83xQ2m»'}`, `{"apiKey": "«Kd83xQ2m»", "port": 1}`,
	`{"password":"«a\"b»"}`, `{"auths":{"r.example":{"auth":"«dXNlcjpwYXNz»"}}}`, `{db: {password: «Kd83xQ2m», port: 5432}}`,
	`[db]` + "\n" + `password = "«Kd83xQ2m»"` + "\n" + `port = 5432`, `password="«Kd83xQ2m»"`, `redis.password='«Kd83xQ2m»'`, `db={user="a",password="«Kd83xQ2m»"}`, "token = \"\"\"«Kd83xQ2m»\"\"\"",
	"[smtp]\nuser = a\npass = «Kd83,x;Q2m»\n; pass = none\n", "spring.datasource.password=«Kd&8;3x»\nspring.datasource.username=app", "DB_HOST=db\nDB_PASSWORD=«Kd83#xQ2m»\n",
	"smtp:\n  host: a\n  password: «correct horse»\n", "password: |\n  «Kd83xQ2m»\nhost: a", "api_token: «Kd83xQ2m» # the token",
	`define('WP_REDIS_PASSWORD','«Kd83xQ2m»');`, `define( "AUTH_KEY", "«Kd83 x#Q2m»" ); define('WP_DEBUG', true);`, `$config['smtp_pass'] = '«Kd83xQ2m»';`, `'password' => '«Kd83xQ2m»',`,
	`<Password>«Kd83xQ2m»</Password>`, `<server><user>a</user><password> «Kd83xQ2m» </password></server>`, `<add key="ApiToken" value="«Kd83xQ2m»"/>`, `<property name="db.password">«Kd83xQ2m»</property>`, `<db user="a" password="«Kd83xQ2m»"/>`,
	`user=app pwd=«Kd83xQ2m»`, `user=app pwd=«p@ss:w&rd,1!»`, `Server=db;Password=«a&b,c»;User Id=sa`, `http://h/?x=1&password=«Kd83xQ2m»&u=a`, `pwd=«a,b», x`, `host=db user=app password=«Kd83xQ2m» dbname=app`, `Server=db;User Id=sa;Password=«Kd83xQ2m»;Encrypt=true`, `username=a,password=«Kd83xQ2m»`, `AccountName=x;AccountKey=«YWJjZA==»;`,
	`org.apache.kafka.common.security.plain.PlainLoginModule required username="a" password="«Kd83xQ2m»";`, `-Xmx1g -Djavax.net.ssl.keyStorePassword=«Kd83xQ2m» -Dx=y`,
	"requirepass «Kd83xQ2m»\nmaxmemory 1gb\n", "port 6379\nrequirepass \"«Kd83xQ2m»\"\nmasterauth «foobared»\nappendonly yes", "user default on >«Kd83xQ2m» ~* +@all",
	`Driver={ODBC Driver 18};Server=db;Uid=sa;Pwd={«Kd83;xQ2m»};`, `db.auth("admin", "«Kd83xQ2m»")`, `db.getSiblingDB('admin').auth('root','«Kd83xQ2m»')`,
	"PrivateKey = «yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=»\nAddress = 10.0.0.1/24",
	// files of logins
	"machine git.example.com login app password «Kd83xQ2m»", "machine a\nlogin b\npassword «Kd83xQ2m»\n", "db:5432:app:app:«Kd83xQ2m»", "*:*:*:app:«Kd83xQ2m»", "app:«Kd83xQ2m»:1001", "sftp app:«Kd83xQ2m»:1001:100:upload other:«Vt9zLp4w»:1002",
	`-u root -p«Kd83xQ2m»`, `-uroot -p«Kd83xQ2m»`, `-u root -p «Kd83xQ2m»`, `CREATE USER a IDENTIFIED BY '«Kd83xQ2m»'`, `stats auth admin:«Kd83xQ2m»`,
	// headers and tokens
	`Authorization: Bearer «Kd83xQ2m»`, `Authorization: Basic «YWRtaW46S2Q4M3hRMm0=»`, `Basic «YWRtaW46S2Q4M3hRMm0=»`, `«YWRtaW46S2Q4M3hRMm0=»`, `Authorization=Bearer%20«Kd83xQ2m»`, `X-Api-Key: «Kd83xQ2m»`, `proxy_set_header X-Api-Key "«Kd83xQ2m»";`,
	`proxy_set_header Authorization "Basic «YWRtaW46S2Q4M3hRMm0=»";`, `token ghp_x or «ghp_0a10a10a10a10a10a10a10a1»`, `a «eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoieCJ9.c2ln» b`,
	`admin:«$apr1$H6uskkkW$IgXLP6ewTrSuBkTrqE8wj/»`, `admin:«$$apr1$$H6uskkkW$$IgXLP6ewTrSuBkTrqE8wj/»,b:«$2y$10$hBCoykrB95WSzuV4fafBzOHWKu9sbyVa34GJr8VV5R»`,
	`echo «Kd83xQ2m» | docker login -u app --password-stdin`, `echo "root:«Kd83xQ2m»" | chpasswd`, `printf '%s' "«Kd83xQ2m»" | passwd --stdin app`,
	"x «-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----» y", `{"private_key":"«-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n»"}`,
	// commands
	`redis-server --requirepass «Kd83xQ2m» --appendonly yes`, `redis-server --requirepass "${REDIS_PASSWORD:-«Kd83xQ2m»}"`, `exec app --login "${X:-Kd83xQ2m}" --pass "${X:-«Kd83xQ2m»}"`, `echo $${DB_TOKEN-«Kd83xQ2m»}`, `: "${ADMIN_PASS:=«Kd83xQ2m»}"`,
	`mysqladmin ping -uroot -p«Kd83xQ2m»`, `curl -u admin:«Kd83xQ2m» http://h`, "set -e\nmysql \\\n  -u root \\\n  -p«Kd83xQ2m» app\necho ok",
}

// Each form of a credential must be found where it is, and nothing around it.
func TestCredentials(t *testing.T) {
	for _, want := range spanRows {
		text := strings.NewReplacer("«", "", "»", "").Replace(want)
		if diff := cmp.Diff(want, bracketed(text, Credentials(text))); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
}

// bracketed is text with each span between « and ».
func bracketed(text string, spans []Span) string {
	for _, s := range slices.Backward(spans) {
		text = text[:s.Start] + "«" + text[s.Start:s.End] + "»" + text[s.End:]
	}
	return text
}

// Each form must make a variable a secret, whatever it is called.
func TestShapesUnderNeutralNames(t *testing.T) {
	for _, row := range spanRows {
		text := strings.NewReplacer("«", "", "»", "").Replace(row)
		for _, name := range []string{"SETTING", "APP_CONFIG_EXTRA"} {
			if got := (Policy{}).Judge(Candidate{Name: name, Value: secret.NewValue(text)}); got.Verdict != transform.Secret {
				t.Errorf("%s=%s: got %v", name, text, got)
			}
		}
	}
}

// Texts that look like the forms above and hold no credential.
var plainRows = []string{
	`http://web:8080/health`, `https://git.example.com/a.git?ref=main`, `https://h/x?token=$TOKEN&page=1`, `https://h/x?token={token}`, `http://h/search?key=name&sort=asc`, `postgres://app@db/app`, `postgres://app:${PW}@db/app`, `redis://:@redis:6379/0`,
	`ssh://git@git.example.com/a.git`, `postgres://db:5432`, `amqp://mq:$PORT`, `redis://cache:port # the cache`, `docker://nginx:latest`, `git@github.com:org/repo.git`, `https://0123456789abcdef0123456789abcdef@o1.ingest.example.com/42`, `nats://nats:4222`, `amqp://guest@mq`, `https://example.com/hooks/github-push`, `https://flows.example.com/`, `jdbc:oracle:thin:@//db:1521/x`,
	`registry.example.com/team/app:1.2@sha256:9f8a7d6b5c4e3f2a1b0c9d8e7f6a5b4c9f8a7d6b5c4e3f2a1b0c9d8e7f6a5b4c`, `mailto:me@example.com:25/`, `npm:react@18`, `sip:alice@host:5060`,
	`{"password":"${DB_PASSWORD}"}`, `{"password":"","user":"a"}`, `{"password":null}`, `{"token_type":"bearer","expires_in":3600}`, `{"passwordFile":"/run/secrets/x","secretName":"db","public_key":"abc"}`, `{"token": true, "auth": {"enabled": true}}`,
	`password = os.environ["X"]`, `password: !secret db`, `password: {{ db_password }}`, `secret: "<your secret>"`, `pass=$(cat /run/secrets/x)`, `if password == "x"`, `define('WP_DEBUG', true);`, `define('DB_PASSWORD', getenv('X'));`,
	`<Password>${DB_PASSWORD}</Password>`, `<passwordPolicy>strict</passwordPolicy>`, `<password></password>`, `<add key="TokenLifetime" value="3600"/>`,
	`Server={db};Pwd={password}`, `echo passwd | grep x`, `echo $PW | docker login --password-stdin`, `client.auth("google", callback)`,
	`password_encryption = scram-sha-256`, `ssl_certificate_key /etc/ssl/a.key;`, `proxy_set_header Authorization $http_authorization;`, `proxy_set_header X-Api-Key $key;`, `auth_basic "Restricted";`, `rewrite ^/(.*)/(.*)$ /$1$is_args$args last;`, `log_format x '$6$body_bytes_sent$7$x';`,
	`app:1000:1000`, `127.0.0.1:8080:80`, `root:x:0:0:root:/root:/bin/sh`, `app:x:1000:1000::/home/app:/bin/sh`, `fe80:1001:2:3:4`, `aa:11:bb:cc:dd:ee`, `db:5432`, `kafka1:9092,kafka2:9092`, `User:admin;User:svc`, `web:/data:1000`, `-u root -p8080:80`, `docker run -u root -p127.0.0.1:80:80 x`,
	`Authorization: Bearer $TOKEN`, `Authorization: Bearer`, `WWW-Authenticate: Basic realm="x"`, `basic authentication is required`, `aGVsbG8gd29ybGQhISE=`, `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA me`, `the password is in the vault`, `Password reset`, `token expired`, `secret santa`, `key: value`, `org/api-token:latest`, `app-passwd:/passwd`, `db_password:/run/x`, `secret-service:1.2.3`,
	`redis-server --requirepass "$REDIS_PASSWORD"`, `app --password-file /run/secrets/x`, `${LOG_LEVEL:-info}`, `${DB_PASSWORD:-}`, `${DB_PASSWORD:-$OTHER}`, `${DB_PASSWORD:?not set}`, `${DB_PASSWORD_FILE:-/run/secrets/x}`, "Host(`a.example.com`) && PathPrefix(`/token`)",
	`10.0.0.1:5432:app:app`, `2024-01-01:00:00:00`, `-----BEGIN CERTIFICATE-----`, `sha256:9f8a7d6b5c4e3f2a1b0c9d8e7f6a5b4c9f8a7d6b5c4e3f2a1b0c9d8e7f6a5b4c`, `user default on nopass ~* +@all`, `a=b`, ``, `=`, `:`, `"`, `password=`, `password:`,
}

// What is no credential must be in no span, and must leave a variable without a
// credential's name in clear.
func TestNoCredentials(t *testing.T) {
	for _, text := range plainRows {
		if diff := cmp.Diff(text, bracketed(text, Credentials(text))); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
}

// Whatever the text, spans must lie in it, in order and without overlaps.
func FuzzCredentials(f *testing.F) {
	for _, row := range slices.Concat(spanRows, plainRows) {
		f.Add(row)
	}
	f.Fuzz(func(t *testing.T, text string) {
		last := 0
		for _, s := range Credentials(text) {
			if s.Start < last || s.End <= s.Start || s.End > len(text) || s.Rule == "" {
				t.Fatalf("%s: %d to %d behind %d in %d bytes", s.Rule, s.Start, s.End, last, len(text))
			}
			last = s.End
		}
		CommentTells(text)
	})
}
