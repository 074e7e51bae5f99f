package verdict

import (
	"strings"
	"testing"
)

// commentForms have VALUE where a credential is.
var commentForms = []string{
	"# command: redis-server --requirepass VALUE", "# redis-server --requirepass VALUE --appendonly yes", `# command: ["redis-server", "--requirepass", "VALUE"]`, "#   - --requirepass VALUE", "# requirepass VALUE",
	"# postgres://app:VALUE@db/app", "# DATABASE_URL=postgres://app:VALUE@db/app", "# old: mysql://root:VALUE@db:3306/app", "# see redis://:VALUE@redis:6379", "# amqp://u:VALUE@mq/ was used before",
	"# curl -u admin:VALUE http://es:9200", "# curl --user admin:VALUE -X PUT http://h", `# curl -H "Authorization: Bearer VALUE" http://h`, `# curl -H 'X-Api-Key: VALUE' http://h`, "# http -a admin:VALUE :8080", "# wget --password=VALUE http://h", "# wget --http-password VALUE http://h",
	"# Authorization: Bearer VALUE", "# Authorization: Basic YWRtaW46S2Q4M3hRMm0=", "# X-Auth-Token: VALUE", "# authorization=Bearer%20VALUE", "# Bearer VALUE",
	"# DB_PASSWORD:\n#   VALUE", "# DB_PASSWORD=\n# VALUE", "# password is\n# VALUE", "# token:\n#   \"VALUE\"", "# DB_PASSWORD: >-\n#   VALUE", "# - DB_PASSWORD:\n#     VALUE",
	"# DB_PASSWORD=VALUE", "# - DB_PASSWORD=VALUE", "# DB_PASSWORD: VALUE", "# DB_PASSWORD: \"VALUE\"", "# DB_PASSWORD : VALUE", "# export DB_PASSWORD=VALUE", "# DB_PASSWORD VALUE", "# api_key = 'VALUE'", "#DB_PASSWORD=VALUE", "## DB_PASSWORD=VALUE", "  # DB_PASS -> VALUE", "# set DB_PASSWORD=VALUE", "# ENV DB_PASSWORD VALUE",
	"# password is VALUE", "# the password is VALUE", "# Password: VALUE", "# password VALUE", "# pw VALUE", "# pw: VALUE", "# pass = VALUE", "# PW=VALUE", "# passwd VALUE", "# root password: VALUE", "# password for admin is VALUE", "# password of root: VALUE", "# the password was VALUE before", "# password (old): VALUE", "# changed the password to VALUE", "# password set to VALUE",
	"# use VALUE as the password", "# VALUE is the password", "# login with admin / VALUE", "# login: admin/VALUE", "# admin:VALUE", "# admin / VALUE", "# user admin password VALUE", "# user: admin, password: VALUE", "# username=admin password=VALUE", "# credentials: admin:VALUE", "# creds admin:VALUE", "# admin pw VALUE", "# default login is admin:VALUE", "# root/VALUE", "# log in as admin with VALUE",
	"# api key: VALUE", "# API key VALUE", "# API-Key is VALUE", "# the token: VALUE", "# token VALUE", "# token -> VALUE", "# secret VALUE", "# secret: VALUE", "# license key: VALUE", "# PIN: VALUE",
	"# TODO rotate VALUE", "# VALUE", "# old key VALUE", "# was VALUE", "# key=VALUE", "# (VALUE)", "# \"VALUE\"", "# `VALUE`", "# FIXME: VALUE is still used", "# see VALUE, from Tom",
	"# mysql -u root -pVALUE", "# mysql -uroot -pVALUE app", "# mysqladmin --password=VALUE ping", "# PGPASSWORD=VALUE psql -U app", "# docker login -u me -p VALUE", "# echo VALUE | docker login --password-stdin", "# mongosh -u root -p VALUE", "# sshpass -p VALUE ssh h", "# redis-cli -a VALUE ping", "# ldapsearch -w VALUE", "# docker run -e POSTGRES_PASSWORD=VALUE postgres", "# helm upgrade --set auth.password=VALUE", "# htpasswd -nb admin VALUE", "# mc alias set x http://h admin VALUE", "# openssl -passin pass:VALUE", "# sqlcmd -U sa -P VALUE",
	"# -p VALUE", "# --password VALUE", "# --password=VALUE", "# --api-key VALUE", "# -Dpassword=VALUE",
	`# {"password":"VALUE"}`, "# { password: VALUE }", `# "token": "VALUE",`, "# <password>VALUE</password>", "# define('DB_PASSWORD', 'VALUE');", `# $password = "VALUE";`, "# 'password' => 'VALUE'", "# password=VALUE;user=a", "# Server=db;Password=VALUE;", "# host=db password=VALUE",
	"# https://h/x?token=VALUE", "# https://h/x?api_key=VALUE&y=1", "# https://hooks.slack.com/services/T0/B0/VALUE", "# https://oauth2:VALUE@git.example.com/a.git", "# https://VALUE@git.example.com/a.git", "# nats://VALUE@nats:4222",
	"# jdbc:oracle:thin:scott/VALUE@//db/x", "# scott/VALUE@//db/x", "# machine h login a password VALUE", "# db:5432:app:app:VALUE", "# app:VALUE:1001", "# IDENTIFIED BY 'VALUE'", "# ALTER USER app PASSWORD 'VALUE'",
	"# admin:$apr1$H6uskkkW$IgXLP6ewTrSuBkTrqE8wj/", "# $2y$10$hBCoykrB95WSzuV4fafBzOHWKu9sbyVa34GJr8VV5R", "# -----BEGIN PRIVATE KEY-----", "# ghp_0a10a10a10a10a10a10a10a1", "# eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoieCJ9.c2ln", `# "${DB_PASSWORD:-VALUE}"`, "# ${REDIS_PASSWORD:-VALUE}",
	"# labels: traefik.http.middlewares.x.basicauth.users=admin:$$apr1$$H6uskkkW$$IgXLP6ewTrSuBkTrqE8wj/", "# splunk-token: VALUE", "# o: username=a,password=VALUE", "# // password: VALUE", "# > password: VALUE", "# * password: VALUE", "# | password | VALUE |", "# 1. password: VALUE",
}

// A comment that holds a credential in any form must not be carried over, whatever
// the credential looks like, if a name or a command says what it is.
func TestCommentTells(t *testing.T) {
	for _, form := range commentForms {
		for _, value := range []string{"Kd83xQ2mVt", "9f8a7d6b5c4e3f2a", "Xk#9pQ2!"} {
			if comment := strings.ReplaceAll(form, "VALUE", value); !CommentTells(comment) {
				t.Errorf("kept: %q", comment)
			}
		}
	}
}

// A password of letters must be told by what is before it.
func TestCommentTellsWords(t *testing.T) {
	for _, form := range commentForms {
		if !strings.Contains(form, "VALUE") || wordless[form] {
			continue
		}
		if comment := strings.ReplaceAll(form, "VALUE", "sunflowerpiano"); !CommentTells(comment) {
			t.Errorf("kept: %q", comment)
		}
	}
}

// wordless are the forms in which nothing says that a word is a password.
var wordless = map[string]bool{
	"# TODO rotate VALUE": true, "# VALUE": true, "# old key VALUE": true, "# was VALUE": true, "# key=VALUE": true, "# (VALUE)": true, "# \"VALUE\"": true, "# `VALUE`": true, "# FIXME: VALUE is still used": true, "# see VALUE, from Tom": true,
	"# mc alias set x http://h admin VALUE": true, "# -p VALUE": true, "# https://VALUE@git.example.com/a.git": true,
}

// Comments about passwords, and about anything else, must be carried over.
func TestCommentTellsNothing(t *testing.T) {
	for _, comment := range []string{
		"# the password is in .env", "# the password is stored in the vault", "# see the token docs", "# password is required", "# Password for the admin user", "# change the password!", "# set DB_PASSWORD in .env", "# DB_PASSWORD comes from the environment", "# API keys", "# token lifetime in seconds", "# TOKEN_TTL=3600",
		"# login page", "# the secret is mounted at /run/secrets/db", "# generate with: openssl rand -hex 32", "# openssl rand -base64 32", "# Redis", "# https://docs.example.com/auth/tokens", "# https://github.com/org/repo/commit/9f8a7d6b5c4e3f2a1b0c9d8e7f6a5b4c9f8a7d6b",
		"# image: postgres:16-alpine", "# image: app@sha256:9f8a7d6b5c4e3f2a1b0c9d8e7f6a5b4c9f8a7d6b5c4e3f2a1b0c9d8e7f6a5b4c", "# - \"8080:80\"", "# ports: 127.0.0.1:5432:5432", "# - ./data:/var/lib/data", "# restart: unless-stopped", "# DB_HOST=db", "# DB_USER: app", "# LOG_LEVEL=debug", "# DB_PASSWORD=${DB_PASSWORD}", "# DB_PASSWORD: ${DB_PASSWORD:?not set}", "# - DB_PASSWORD",
		"# POSTGRES_PASSWORD_FILE: /run/secrets/pw", "# healthcheck: curl -f http://localhost:8080/health", "# deploy:\n#   replicas: 2", "# networks:\n#   backend:\n#     driver: bridge", "# volumes:\n#   - db_data:/var/lib/postgresql/data", "# TODO: rotate keys", "# user: \"1000:1000\"", "# see RFC 7519", "# mailto:me@example.com", "# x86_64 only, needs CUDA 12.4", "# secrets:\n#   db_password:\n#     file: ./db_password.txt",
		"# DISABLE_AUTH=true", "# MAX_TOKENS=4096", "# key: value", "# -- see above --", "# ==============", "#", "", "# traefik.http.routers.x.rule=Host(`a.example.com`)", "# JWT_ALGORITHM=HS256", "# ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA me", "# Passwords must have at least 8 characters", "# secret manager: vault", "# Enable password authentication", "# login-with-github\n# login-with-gitlab\n# login-with-password\n# prepl-server",
	} {
		if CommentTells(comment) {
			t.Errorf("dropped: %q", comment)
		}
	}
}
