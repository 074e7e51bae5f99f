package verdict

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// configFiles are whole files with each credential between « and ».
var configFiles = map[string]string{
	"redis.conf": `# Redis
bind 0.0.0.0
protected-mode yes
port 6379
tls-key-file /tls/redis.key
requirepass «Kd83xQ2mVt»
masteruser app
masterauth "«Vt9 zLp4w»"
rename-command CONFIG ""
maxmemory-policy allkeys-lru
appendonly yes
save 900 1
`,
	"nginx.conf": `user nginx;
http {
  log_format main '$remote_addr - $remote_user [$time_local] "$request" $status';
  limit_req_zone $binary_remote_addr zone=login:10m rate=5r/s;
  map $http_authorization $auth { default ""; }
  server {
    listen 443 ssl;
    ssl_certificate /etc/ssl/a.crt;
    ssl_certificate_key /etc/ssl/a.key;
    ssl_session_tickets off;
    auth_basic "Restricted";
    auth_basic_user_file /etc/nginx/.htpasswd;
    location /token { rewrite ^/token/(.*)$ /$1$is_args$args break; proxy_pass http://api:8080; }
    location /api {
      proxy_set_header Host $host;
      proxy_set_header Authorization "Bearer «Kd83xQ2mVt»";
      proxy_set_header X-Auth-Request-Access-Token $token;
      proxy_cookie_path / "/; HTTPOnly; Secure";
      proxy_pass http://app:«Kd83xQ2m»@api:8080/;
    }
  }
}
`,
	"app.toml": `title = "secrets manager"
[database]
url = "postgres://app:«Kd83xQ2m»@db:5432/app?sslmode=disable"
password = "«Kd83 xQ2m»"
password_min_length = 12
pool = { max = 10, token_ttl = "15m" }
[auth]
secret_key = '«9f8a7d6b5c4e3f2a»'
public_key = "abc"
providers = ["github", "token"]
api_keys = { main = "x", token = "«tk_Kd83xQ2m»" }
[tls]
key = "/tls/a.key"
[redis]
url = "redis://redis:6379/0"
contact = "ops@example.com"
`,
	"app.properties": `# spring
server.port=8080
spring.datasource.url=jdbc:postgresql://db:5432/app
spring.datasource.username=app
spring.datasource.password=«Kd8;3,x#Q»
spring.mail.password=${MAIL_PASSWORD}
jwt.secret = «qkzvmwtrhbxpnjfd»
jwt.expiration=3600
security.oauth2.client.client-id=9f8a7d6b5c4e3f2a
management.endpoints.web.exposure.include=health,token
password.encoder=bcrypt
`,
	"my.cnf": `[client]
user = root
password = "«Kd83#xQ2m»"
[mysqld]
default_authentication_plugin = caching_sha2_password
validate_password.policy = MEDIUM
secure_file_priv = /var/lib/mysql-files
ssl-key = /tls/a.pem
`,
	"wp-config.php": `<?php
define( 'DB_NAME', 'wordpress' );
define( 'DB_PASSWORD', '«Kd83xQ2m»' );
define( 'AUTH_KEY',  '«k#8 d;x)Q2-m{Vt»' );
define( 'WP_DEBUG', false );
$table_prefix = 'wp_';
if ( isset( $_SERVER['HTTP_AUTHORIZATION'] ) ) { $token = $_SERVER['HTTP_AUTHORIZATION']; }
$password = getenv('X');
`,
	"server.xml": `<Server port="8005" shutdown="SHUTDOWN">
  <Connector port="8443" keystoreFile="conf/a.jks" keystorePass="«Kd83xQ2m»" sslProtocol="TLS"/>
  <Resource name="jdbc/app" auth="Container" username="app" password="«Vt9zLp4w»" url="jdbc:mysql://db:3306/app"/>
  <property name="token.lifetime">3600</property>
  <passwordPolicy>strict</passwordPolicy>
  <user><name>a</name><password>«zLp4wVt9»</password></user>
</Server>
`,
	"prometheus.yml": `global:
  scrape_interval: 15s
scrape_configs:
  - job_name: token-service
    basic_auth:
      username: prom
      password: «Kd83xQ2m»
    static_configs:
      - targets: ["api:9090", "db:9187"]
  - job_name: b
    authorization:
      type: Bearer
      credentials: «Vt9zLp4wKd83»
    bearer_token_file: /run/secrets/token
    metrics_path: /metrics
remote_write:
  - url: https://h/api/v1/push?token=«Kd83xQ2m»
`,
	"haproxy.cfg": `global
  maxconn 4096
userlist users
  user admin insecure-password «Kd83xQ2m»
frontend web
  bind *:80
  stats auth admin:«Vt9zLp4w»
  http-request set-header X-Token %[req.hdr(token)]
backend api
  server api1 10.0.0.1:8080 check
`,
	"odbc.env": `# database
DB_HOST=db
DB_USER=app
DB_PASSWORD='«Kd83 x;Q2m»'
export API_TOKEN="«tk_Kd83xQ2m»"
TOKEN_URL=https://id.example.com/token
PASSWORD_FILE=/run/secrets/db
KEYCLOAK_REALM=secret-realm
SESSION_TTL=3600
`,
}

// In a whole file each credential must be found, and nothing beside it.
func TestCredentialsOfFiles(t *testing.T) {
	for name, want := range configFiles {
		text := strings.NewReplacer("«", "", "»", "").Replace(want)
		if diff := cmp.Diff(want, bracketed(text, Credentials(text))); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}
