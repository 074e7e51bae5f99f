package verdict

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform"
)

// ruleRows are samples for every rule: NAME=value, with "IMAGE " before it where
// the image matters.
var ruleRows = []struct {
	verdict transform.Verdict
	rule    string
	rows    []string
}{
	{transform.Secret, "value:reference", []string{
		"DB_PASSWORD=awssecrets://prod/db#/password", "ANY=ref+vault://kv/app#/key", "API_URL=gcpsecrets://project/name",
		"X=azurekeyvault://vault/name/1", "X=op://vault/item/field", "X=sops://secrets.yaml#/a",
	}},
	{transform.Plain, "veto:switch", []string{
		"CLOUD_AUTH=true", "USE_TOKEN=no", "MARIADB_RANDOM_ROOT_PASSWORD=1", "MYSQL_ALLOW_EMPTY_PASSWORD=", "REQUIRE_PASSWORD=0",
		"SECURE_COOKIES=", "WITH_CREDENTIALS=", "NEO4J_AUTH=none", "VERIFY_JWT=", "DISABLE_AUTH=1", "OAUTH_CLIENT_SECRET=null",
	}},
	{transform.Plain, "veto:nothing", []string{`JWT_KEYS=[]`, `EXTRA_SECRETS={}`, `TOKEN=""`, "PASSWORD= "}},
	{transform.Plain, "veto:quantity", []string{
		"MAX_TOKENS=4096", "SUMMARY_TOKENS=16000", "MAP_TOKEN=0", "BCRYPT_SALT=10", "MAX_TOKEN=16384", "TOKEN_EXPIRES_IN=3600", "JWT_TTL=", "PASSWORD_MIN_LENGTH=8",
		"API_KEY_RATE_LIMIT=60/minute", "SESSION_LIFETIME=120", "JWT_EXPIRATION=1h30m", "TOKENS_PER_DAY=10000", "PASSWORD_RESET_TIMEOUT=86400",
	}},
	{transform.Plain, "veto:path", []string{
		"DATABASE_PASSWORD=/run/secrets/db", "TLS_KEY=/certs/tls.key", "SSL_KEY=server.key", "KEYSTORE=./a/b.p12", "SECRET_KEY=file:/run/secrets/key",
		"PGRST_JWT_SECRET=@/run/secrets/jwt", "MYSQL_SSL_KEY=", "MYSQL_TLS_KEY=", "PASSWORD_CA=ca", "POSTGRES_PASSWORD_FILE=", "FILE__PASSWORD=", "SECRETS_DIR=", "GOOGLE_APPLICATION_CREDENTIALS=",
		`PRIVATE_KEY=C:\keys\id`, "PASSWORD=~/pw", "PWD=app", "OLDPWD=",
	}},
	{transform.Plain, "veto:docker-reference", []string{"API_KEY=se://docker/mcp/x"}},
	{transform.Plain, "veto:public-key", []string{
		"SSH_KEY=ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA me", "DEPLOY_KEY=restrict,pty ssh-rsa AAAAB3NzaC1yc2EAAAADAQAB", "HOST_KEY=git.example.com ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTY", "LOGIN_KEYS=sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29t me", "SSH_SECRET=AAAAC3NzaC1lZDI1NTE5AAAAIKd83xQ2m", "JWT_KEY=-----BEGIN PUBLIC KEY-----", "CA=-----BEGIN CERTIFICATE-----",
		"STRIPE_KEY=pk_live_51abcdef", "MAPBOX_TOKEN=pk.eyJ1IjoiYSJ9", "KEY=LS0tLS1CRUdJTiBQVUJMSUMgS0VZLS0tLS0K",
	}},
	{transform.Plain, "veto:anonymous-token", []string{"BACKEND_KEY=eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoiYW5vbiJ9.c2ln"}},
	{transform.Plain, "veto:sentry-dsn", []string{"SENTRY_DSN=https://0123456789abcdef0123456789abcdef@o1.ingest.example.com/42"}},
	{transform.Plain, "veto:url", []string{
		"AUTH_URL=https://id.example.com/auth", "REDIS_URL=redis://redis:6379/0", "DATABASE_URL=sqlite:////data/app.db", "DATABASE_URL=postgres://app@db/app",
		"TOKEN_ENDPOINT=", "PASSWORD_RESET_URL=", "MAILER_DSN=null://localhost", "WEBHOOK_URL=https://flows.example.com/", "DB_URL=jdbc:postgresql://db:5432/app",
		"GIT_URL=ssh://git@git.example.com/a.git", "REDIS_URL=redis://:@redis:6379", "BROKER_URL=redis://:@redis:6379/0", "SERVICE_URL_ONETIMESECRET_3000=", "SERVICE_FQDN_TOKENAPP=a.example.com", "KAFKA=PLAINTEXT://a:9092,PLAINTEXT://b:9092",
	}},
	{transform.Plain, "veto:public-prefix", []string{"NEXT_PUBLIC_API_KEY=abc", "VITE_STRIPE_SECRET=x", "REACT_APP_TOKEN=x", "EXPO_PUBLIC_KEY=x"}},
	{transform.Plain, "veto:public-name", []string{
		"VAPID_PUBLIC_KEY=BNbxGYNMhEIi9zrneh7mqV4oUanjLUK3", "SUPABASE_ANON_KEY=", "RECAPTCHA_SITE_KEY=6Lx", "STRIPE_PUBLISHABLE_KEY=", "PUSHER_APP_KEY=app-key",
		"GPG_KEY=E3FF2839C048B25C084DEBE9B26995E310250568", "SSH_AUTHORIZED_KEYS=x",
	}},
	{transform.Plain, "veto:choice", []string{
		"SMTP_AUTH=login", "AUTH_METHOD=trust", "JWT_ALGORITHM=HS256", "API_KEY_HEADER=X-Api-Key", "TOKEN_ISSUER=me", "SECRET_BACKEND=vault", "PASSWORD_POLICY=strict",
		"SASL_MECHANISM=PLAIN", "API_KEY_READ_ONLY=yes-please", "TOKEN_AUDIENCE=Kd83xQ2mVt", "TOTP_REQUIRED=maybe", "SECRETS_MANAGER_PROJECT=p",
	}},
	{transform.Plain, "veto:identity", []string{
		"DB_USER=app", "OAUTH_CLIENT_ID=3f786850e387550fdab836ed7e6dc881", "TOKEN_ID=Kd83xQ2mVt", "GCP_PRIVATE_KEY_ID=9f8a7d6b5c4e3f2a1b0c9d8e7f6a5b4c9f8a7d6b", "SOMETHING_SECRET_PARAM_BOOTSTRAP_SERVERS=kafka1:9092", "KAFKA_BROKERS_SECRET_HOSTS=a1:9092", "SECRET_NAME=db", "KEY_ID=key_1", "IMAGE_SHA256=ae665bc678abd9ab6a6e1573d2481625", "PASS_HOST=db",
		"SECRET_ARN=arn:aws:x", "TOKEN_CHANNEL=a", "KMS_MASTER_KEY_ALIAS=a", "IMAGE_PULL_SECRET=regcred", "GIT_COMMIT=0123456789abcdef0123456789abcdef01234567",
	}},
	{transform.Plain, "veto:structure-key", []string{"CACHE_KEY=app", "PARTITION_KEY=id", "PRIMARY_KEY=id", "ROUTING_KEY=", "FEATURE_KEY=beta", "CACHE_REDIS_PREFIX_KEY="}},
	{transform.Secret, "value:private-key", []string{
		"ANY=-----BEGIN RSA PRIVATE KEY-----", `SA_JSON={"private_key":"-----BEGIN PRIVATE KEY-----\nM"}`, "CERT=LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQo=",
		"SSL_KEY_FILE=-----BEGIN OPENSSH PRIVATE KEY-----", "NEXT_PUBLIC_OOPS=-----BEGIN EC PRIVATE KEY-----",
	}},
	{transform.Secret, "value:url-password", []string{
		"DATABASE_URL=postgres://app:pw@db/app", "REDIS_URL=redis://:pw@redis:6379", "CACHE=redis://app:@redis:6379", "ANY=postgres://app:${TOKEN_D}@db/app", "CAMERA=rtsp://u:p@cam/1",
		"DATABASE_URL=postgres://app:a/b#c?d@db:5432/app", "DATABASE_URL=postgres://app:p@ss@db/app", "PROXY=http://u:p@proxy:3128", "URLS=http://a:1,http://u:p@b:2",
		"DB_HOST=postgres://a:b@c", "ANY=sentry https://k:s@sentry.example.com/1 x",
	}},
	{transform.Secret, "value:connection-string", []string{
		"ConnectionStrings__Default=Server=db;User Id=sa;Password=hunter22;", "DB=host=db user=app password=pw dbname=app", "DB=app:pw@tcp(db:3306)/app",
		"JAAS=Login required username=\"a\" password=\"b-c\";", "JAVA_OPTS=-Xmx1g -Djavax.net.ssl.keyStorePassword=abc", "DB_URL=jdbc:mysql://db/app?user=u&password=p",
		"STORAGE=DefaultEndpointsProtocol=https;AccountName=x;AccountKey=YWJjZA==;", `CONFIG=rails['smtp_password'] = "pw1"`,
	}},
	{transform.Secret, "value:jwt", []string{"SERVICE=eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoic2VydmljZV9yb2xlIn0.c2ln"}},
	{transform.Secret, "value:webhook-url", []string{
		"CHAT=https://hooks.slack.com/services/T0/B0/x", "NOTIFY=https://discord.com/api/webhooks/1/x", "NOTIFY=discord://abcdefghijkl@123456",
		"FEED=https://example.com/feed?token=abcdef", "REPO=https://aB3dE5gH7jK9mN1pQ3sT@git.example.com/x", "SESSION_PATH=tcp://redis:6379?auth=abcdef",
		"ALERT_WEBHOOK=https://chat.example.com/hooks/aB3dE5gH7jK9mN1pQ3sT", "NATS=nats://tk_Kd83xQ2m@nats:4222", "FEED_ENDPOINT=https://example.com/x?sig=aB3dE5gH",
	}},
	{transform.Secret, "value:password-hash", []string{"USERS=admin:$apr1$H6uskkkW$IgXLP6ewTrSuBkTrqE8wj/", "LOGIN=$2y$10$hBCoykrB95WSzuV4fafBzOHWKu9sbyVa34GJr8VV5R", "H=a:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g="}},
	{transform.Secret, "value:authorization", []string{"OTEL_HEADERS=Authorization=Bearer abc123", "H=authorization: Basic dXNlcjpwYXNz", "H=x-api-key=0123456789ab", `REGISTRY_LOGIN={"auths":{"r.example":{"auth":"dXNlcjpwYXNz"}}}`}},
	{transform.Secret, "value:command-flag", []string{"REDIS_ARGS=--requirepass foobared --save 60 1", "EXTRA_ARGS=-v --db-password x"}},
	{transform.Secret, "value:structured", []string{
		`APP_CONFIG={"server":{"port":1,"token":"s3cr3t"}}`, "CONFIG=smtp:\n  host: a\n  password: abc", `JWT={"type":"HS256","key":"3EK6FD9o0c7tzBNVfjpMkNDi2yARAAKz"}`,
	}},
	{transform.Secret, "image:secret", []string{"odoo:17 PASSWORD=odoo", "directus/directus KEY=abc", "hashicorp/vault VAULT_DEV_ROOT_TOKEN_ID=root", "neo4j:5 NEO4J_AUTH=neo4j/pw"}},
	{transform.Secret, "name:password", []string{
		"POSTGRES_PASSWORD=12345", "DB_PASSWORD_MS=Kd83xQ2m", "PASSWORD_CA=Kd83xQ2m", "ROOT_PASSWORD_NAME=Kd83xQ2m", "PASSWORD_MODE=Xk#9!pQ2", "POSTGRES_PASSWORD=1", "POSTGRES_PASSWORD=/x7k2p", "DB_PASSWORD=", "dbPassword=x", "REDISPASS=x", "ADMIN_PW=x", "MYSQL_PWD=x", "requirepass=x", "LDAP_BIND_PASSWD=x",
		"KEY_PASSPHRASE=x", "DB_PASS_REPLICA=x", "ssl.key-store-password=x", "ROOT_PASSWORD_SHA256=8c6976e5", "PASSWORD2=x", "PASSWORD_ADMIN=x", "UPLOAD_PIN=4711", "LDAP_BINDPW=x", "ACCESS_CODE=x", "WEBPASSWORD=x", "MAIL:PASSWORD=x",
	}},
	{transform.Secret, "name:secret", []string{
		"SECRET_KEY_ID=Kd83xQ2mVt", "JWT_SECRET=", "CLIENT_SECRET=changeme", "SECRET_KEY_BASE=x", "AWS_SECRET_ACCESS_KEY=x", "clientSecret=x", "S3_PUBLIC_SECRET_KEY=x", "JWT_SECRET_REFRESH=x", "COOKIE_SECRET=/9j4AAQSkZJRgABAQ4T7k+w==",
	}},
	{transform.Secret, "name:api-key", []string{"OPENAI_API_KEY=", "API_KEY_EU=Kd83xQ2mVt", "API_KEY_READ_ONLY=Kd83xQ2mVt", "API_KEY_METHOD=3f2a1b0c-9d8e-4f6a-8b4c-1a2b3c4d5e6f", "APIKEY=x", "SONARR__AUTH__APIKEY=x", "API_KEY_FOR_PLUGIN=x", "APP_KEY=x", "SERVICE_ROLE_KEY=x", "apiKey=x", "API_KEY_2=x", "STRIPE_SK=x"}},
	{transform.Secret, "name:encryption-key", []string{
		"DATA_ENCRYPTION_KEY=x", "PRIVATE_KEY_PEM=x", "FERNET_KEY=x", "RAILS_MASTER_KEY=", "AUTHKEY=x", "JWT_SIGNING_KEY=x", "S3_ACCESS_KEY=x", "WG_PRESHARED_KEY=x", "SESSION_KEY=x",
		"CLIENT_TLS_KEY=x", "ACTIVE_RECORD_ENCRYPTION_PRIMARY_KEY=", "XPACK_SECURITY_ENCRYPTIONKEY=x", "TOTP_KEY=", "OPENSSL_KEY_V1=x",
	}},
	{transform.Secret, "name:license-key", []string{"NEW_RELIC_LICENSE_KEY=", "ACTIVATION_KEY=x", "LICENSE=abcdefghijklmnop1234"}},
	{transform.Secret, "name:token", []string{"ACCESS_TOKEN=x", "TOKEN=12345678", "BOT_TOKEN_PROD=x", "NGROK_AUTHTOKEN=x", "SERVICEACCOUNTTOKEN=x", "API_TOKENS=a,b"}},
	{transform.Secret, "name:salt", []string{"HASHIDS_SALT=x", "SESSION_PEPPER=x"}},
	{transform.Secret, "name:credential", []string{"GOOGLE_CREDENTIALS=x", "RABBITMQ_ERLANG_COOKIE=x", "WALLET_MNEMONIC=x", "DB_CREDS="}},
	{transform.Secret, "name:auth", []string{"GRAPH_AUTH=neo4j/pw", "REDISCLI_AUTH=x", "REDIS_AUTH=1234", "BASIC_AUTH=u:p", "BASIC_AUTH_USERS=admin:pw", "CREATE_SUPERUSER=admin:pw", "LIVE_KEYS=devkey: pw"}},
	{transform.Secret, "name:webhook", []string{"SLACK_WEBHOOK_URL=", "DISCORD_WEBHOOK=", "ALERT_WEBHOOK=https://chat.example.com/in/Kd83xQ2mVt", "DEPLOY_WEBHOOK=https://ci.example.com/9f8a7d6b5c4e"}},
	{transform.Secret, "name:connection-string", []string{"DATABASE_URL=", "APP_DB_DSN=", "MONGO_URI=", "AZURE_CONNECTION_STRING="}},
	{transform.Secret, "name:key", []string{"PROBE_KEY=", "AZURE_PRIMARY_KEY=aB3dE5gH7jK9mN1pQ3sT", "PLUGIN_KEY=change-me", "DES_KEY2_KEY=rc!24-Byte#DES-key*Str"}},
	{transform.Secret, "value:login", []string{"SFTP_USERS=app:Kd83xQ2m:1001", "SEED_FILE=machine h login a password Kd83xQ2m", "PGPASS_LINE=db:5432:app:app:pw", "DB_OPTIONS=-u root -pKd83xQ2m"}},
	{transform.Secret, "value:shell-default", []string{`START=redis "${REDIS_PASSWORD:-Kd83xQ2m}"`}},
	{transform.Secret, "name:cookie", []string{"WEB_COOKIE=aB3dE5gH7jK9mN1pQ3sT", "CLAUDE_WEB_COOKIE=sid=Kd83xQ2m; a=b"}},
	{transform.Maybe, "maybe:cookie", []string{"CLAUDE_WEB_COOKIE="}},
	{transform.Secret, "name:random", []string{
		"TOKEN_GITHUB=aB3dE5gH7jK9mN1pQ3sT", "JWT_ACCESS=Kd83xQ2mVt9z", "ADMIN_PWD_EU=Kd83xQ2m", "PW_CRM=Kd83xQ2mVt", "TWILIO_AUTH=9f8a7d6b5c4e3f2a1b0c9d8e7f6a5b4c", "MAIL_AUTH=Kd83xQ2m", "OTP_SEED=Kd83xQ2mVt9z", "VPN_PRESHARED=Kd83xQ2mVt9z",
	}},
	{transform.Maybe, "maybe:access-key-id", []string{"AWS_ACCESS_KEY_ID=", "S3_ACCESS_KEY_ID=app", "ACCOUNT=AKIA" + "ABCDEFGHIJKLMNOP"}},
	{transform.Maybe, "maybe:browser-key", []string{"GOOGLE_MAPS_API_KEY=x", "POSTHOG_API_KEY=", "G=AIza" + "0123456789abcdefghijklmnopqrstuvwxy"}},
	{transform.Maybe, "maybe:connection-string", []string{"REDIS_URL=", "MAILER_DSN="}},
	{transform.Maybe, "maybe:key", []string{"WIDGET_KEY=blue", "SEARCH_KEYS=a,b"}},
	{transform.Maybe, "maybe:random-value", []string{"CREDS_IV=e2341419ec3dd3d19b13a1a87fafcbfb", "SETTING=aB3dE5gH7jK9mN1pQ3sT", "SETTING=Kd83xQ2mVt9z", "GATE=k3j9x0qpl2mz"}},
	{transform.Plain, "default:plain", []string{
		"TZ=Europe/Berlin", "KAFKA_SUPER_USERS=User:admin;User:svc", "BUILD=sha256rsa2048", "BROKER=kafka1broker2", "HTTP=Http2ServerName", "WORKER=node12worker34", "LANG=en_US.UTF-8", "PUID=1000", "COMPASS=n/a", "BYPASS=localhost", "KEYBOARD_LAYOUT=us", "AUTHOR=me", "PASSENGER_APP_ENV=production", "SALT_MASTER=salt",
		"ACCEPT_LICENSE=accept", "NO_PROXY=localhost,127.0.0.1", "SENTRY_DSN=", "JAVA_OPTS=-Xms512m -Xmx512m", "REDIS=redis:6379", "EXTRA_ARGS=--auth-type none --token-ttl=5m", "AUTH_SERVICE=auth:3000", "AUTH_APP=auth/app:1.2", "FILTER=(userPassword=*)", "NODE_PLATFORM=20.10.0-alpine",
	}},
}

func judge(row string) transform.Finding {
	image, rest, found := strings.Cut(row, " ")
	if !found || strings.Contains(image, "=") {
		image, rest = "", row
	}
	name, value, _ := strings.Cut(rest, "=")
	return Policy{}.Judge(Candidate{Service: "web", Image: image, Name: name, Value: secret.NewValue(value)})
}

// Every rule must give its verdict to its own samples.
func TestRules(t *testing.T) {
	for _, group := range ruleRows {
		for _, row := range group.rows {
			want := transform.Finding{Verdict: group.verdict, Rule: group.rule}
			if diff := cmp.Diff(want, judge(row)); diff != "" {
				t.Errorf("%s (-want +got)\n%s", row, diff)
			}
		}
	}
}

// A URL whose user and password are variables without a value is to get them; one that
// is written without them is not.
func TestURLWithoutLogin(t *testing.T) {
	for made, want := range map[bool]transform.Finding{
		true: {Verdict: transform.Secret, Rule: "value:url-password"}, false: {Verdict: transform.Plain, Rule: "veto:url"},
	} {
		got := Policy{}.Judge(Candidate{Name: "REDIS_URL", Value: secret.NewValue("redis://:@redis:6379/0"), HasVariables: made})
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("made of variables: %v (-want +got)\n%s", made, diff)
		}
	}
}

// No rule may be without samples.
func TestRulesHaveSamples(t *testing.T) {
	sampled := map[string]bool{"value:vendor-token": true} // has a test of its own
	for _, group := range ruleRows {
		sampled[group.rule] = true
	}
	for _, r := range rules {
		if !sampled[r.name] {
			t.Errorf("%s has no sample", r.name)
		}
	}
}

// A token with a vendor's prefix must be secret under any name, and a word that
// merely begins like one must not.
func TestVendorTokens(t *testing.T) {
	for _, tokens := range vendorTokens {
		for _, token := range tokens {
			value := token.prefix + strings.Repeat("0a1", 20)
			if got := judge("SETTING=" + value); got.Rule != "value:vendor-token" {
				t.Errorf("%s %s…: got %v", token.issuer, token.prefix, got)
			}
			if isVendorSecret(token.prefix + "x") {
				t.Errorf("%s %sx is taken for a token", token.issuer, token.prefix)
			}
		}
	}
	for _, value := range []string{"123456789:AA" + strings.Repeat("x9", 17), "abcdefghijklmn.atlasv1." + strings.Repeat("x9", 20)} {
		if !isVendorSecret(value) {
			t.Errorf("a token of %d characters is not recognised", len(value))
		}
	}
}

// The user's globs must come before every rule, and the most literal one of
// them must win, whichever list it is in.
func TestPolicyDecides(t *testing.T) {
	p := Policy{Secret: []string{"*_KEY", "api.PORT", "SAME"}, Plain: []string{"PUBLIC_KEY", "api.*", "db.POSTGRES_PASSWORD", "SAME", "discovery.type"}}
	for _, row := range []struct {
		service, name string
		want          transform.Finding
	}{
		{"web", "CACHE_KEY", transform.Finding{Verdict: transform.Secret, Rule: transform.RuleUserSecret}},
		{"web", "PUBLIC_KEY", transform.Finding{Verdict: transform.Plain, Rule: transform.RuleUserPlain}},
		{"api", "PORT", transform.Finding{Verdict: transform.Secret, Rule: transform.RuleUserSecret}},
		{"api", "TOKEN", transform.Finding{Verdict: transform.Plain, Rule: transform.RuleUserPlain}},
		{"db", "POSTGRES_PASSWORD", transform.Finding{Verdict: transform.Plain, Rule: transform.RuleUserPlain}},
		{"db2", "POSTGRES_PASSWORD", transform.Finding{Verdict: transform.Secret, Rule: "name:password"}},
		{"", "SAME", transform.Finding{Verdict: transform.Secret, Rule: transform.RuleUserSecret}},
		{"es", "discovery.type", transform.Finding{Verdict: transform.Plain, Rule: transform.RuleUserPlain}},
		{"web", "COLOUR", transform.Finding{Verdict: transform.Plain, Rule: "default:plain"}},
	} {
		got := p.Judge(Candidate{Service: row.service, Name: row.name})
		if diff := cmp.Diff(row.want, got); diff != "" {
			t.Errorf("%s.%s (-want +got)\n%s", row.service, row.name, diff)
		}
	}
}

// Globs that cannot mean what they say must be refused, all in one error.
func TestPolicyCheck(t *testing.T) {
	err := Policy{Secret: []string{"", "A[B]", "X=1", "BOTH", "OK_*"}, Plain: []string{"a b", "BOTH"}}.Check()
	want := `"": an empty pattern matches no variable; write VARIABLE or SERVICE.VARIABLE
"A[B]": a pattern is VARIABLE or SERVICE.VARIABLE, in which only * and ? are special
"X=1": a pattern is VARIABLE or SERVICE.VARIABLE, in which only * and ? are special
"a b": a pattern is VARIABLE or SERVICE.VARIABLE, in which only * and ? are special
BOTH: marked as secret and as plain; keep one`
	if err == nil {
		t.Fatal("no error")
	}
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if err := (Policy{Secret: []string{"*_KEY", "web.TOKEN"}, Plain: []string{"discovery.type"}}).Check(); err != nil {
		t.Error(err)
	}
}

// Judging must not panic, and no value may turn up in what is found.
func FuzzJudge(f *testing.F) {
	for _, group := range ruleRows {
		for _, row := range group.rows {
			name, value, _ := strings.Cut(row, "=")
			f.Add(name, value, "odoo")
		}
	}
	f.Fuzz(func(t *testing.T, name, value, image string) {
		got := Policy{}.Judge(Candidate{Name: name, Value: secret.NewValue(value), Image: image})
		if got.Rule == "" || got.Verdict != transform.Secret && got.Verdict != transform.Plain && got.Verdict != transform.Maybe {
			t.Errorf("no verdict: %v", got)
		}
		Weak(secret.NewValue(value))
	})
}

// A file of 10,000 services with 20 variables each must be judged in about half a
// second: see ns/op, which is for one variable.
func BenchmarkJudge(b *testing.B) {
	var candidates []Candidate
	for _, group := range ruleRows {
		for _, row := range group.rows {
			name, value, _ := strings.Cut(row, "=")
			candidates = append(candidates, Candidate{Service: "web", Image: "docker.io/library/postgres:16-alpine", Name: name, Value: secret.NewValue(value)})
		}
	}
	for i := 0; b.Loop(); i++ {
		Policy{}.Judge(candidates[i%len(candidates)])
	}
}

// A random text that begins with a digit must not be taken for a number with its
// unit: that would leave a token in clear.
func TestQuantity(t *testing.T) {
	for text, want := range map[string]bool{
		"4096": true, "-1": true, "0.5": true, "15m": true, "1h30m": true, "20MB": true, "60/minute": true, "512Mi": true, "5 minutes": true,
		"7Yv0sQx2Lm9TzR4c": false, "1a2b3c4d": false, "1********": false, "9kkk": false,
	} {
		if got := isQuantity(text); got != want {
			t.Errorf("isQuantity(%q) = %v", text, got)
		}
	}
}
