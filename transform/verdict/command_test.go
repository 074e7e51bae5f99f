package verdict

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// marked are the values of literals, in brackets in the text that they stand in.
func marked(words []string, found []Literal) string {
	out := make([]string, len(words))
	copy(out, words)
	for _, l := range slices.Backward(found) {
		w := out[l.Word]
		out[l.Word] = w[:l.Start] + "[" + w[l.Start:l.End] + "]" + w[l.End:]
	}
	return strings.Join(out, " | ")
}

// Credentials in shell text must be found, with their quotes outside the range,
// and what a variable gives must not.
func TestScriptLiterals(t *testing.T) {
	for _, want := range []string{
		`redis-server --requirepass [hunter2] --appendonly yes`,
		`redis-server --requirepass "[hunter 2]" --masterauth '[a$b]'`,
		`redis-server --requirepass $REDIS_PASSWORD`,
		`redis-server --requirepass "${REDIS_PASSWORD}"`,
		`redis-server --requirepass "$(cat /run/secrets/x)"`,
		"redis-server --requirepass `cat /run/secrets/x`",
		`docker-entrypoint.sh redis-server --requirepass [pw] --port 6379`,
		`redis-cli -a [pw] ping | grep PONG`,
		`redis-cli -h redis -a "[pw]" --no-auth-warning ping`,
		`redis-cli --pass [pw] ping`,
		`redis-cli AUTH [pw]`,
		`htpasswd -bBn admin [pw]`,
		`htpasswd -Bbc /auth/users admin "[pw]"`,
		`samba.sh -u "bob;[pw]" -s "public;/share"`,
		`redis-cli config set requirepass [pw]`,
		`mysqladmin ping -h localhost -uroot -p[secret]`,
		`mysqladmin ping -u root --password=[secret]`,
		`mysqladmin ping -p$MYSQL_ROOT_PASSWORD`,
		`mysql -u root -p app -e 'select 1'`,
		`mysql -u root --password app`,
		`/usr/bin/mariadb-admin ping -p'[se cret]' || exit 1`,
		`PGPASSWORD=[pw] psql -U app -c 'select 1'`,
		`export PGPASSWORD="[pw]"; psql -W -U app`,
		`psql postgres://app:[pw]@db/app`,
		`psql -U app -c "ALTER USER app PASSWORD '[pw]'"`,
		`mysql -e "CREATE USER 'a'@'%' IDENTIFIED BY '[pw]'"`,
		`mongosh -u root -p [pw] --eval 'db.ping()'`,
		`curl -fsS -u elastic:[pw] http://localhost:9200`,
		`curl --user elastic:[pw] -o /dev/null http://x`,
		`curl -u admin http://x`,
		`curl -H "Authorization: Bearer [abcdef]" http://x`,
		`curl -H 'X-Api-Key: [abcdef]' http://x`,
		`curl -d '{"user":"a","password":"[pw]"}' http://x`,
		`curl http://admin:[pw]@x:9200/_cluster/health`,
		`timeout 5 mysqladmin ping -p[x1] && redis-cli -a [x2] ping`,
		`until mc alias set local http://minio:9000 [minio] [minio123]; do sleep 1; done`,
		`mc admin user add local newuser [newpass]`,
		`rabbitmqctl add_user app [pw]; rabbitmqctl set_user_tags app administrator`,
		`java -Dspring.datasource.password=[pw] -jar app.jar`,
		`app --db-password=[pw] --db-user app --jwt-secret [s3] --token-ttl 5m`,
		`app --password-file /run/secrets/x --tls-key key.pem --api-key-header X-Key`,
		`app -admin.password [pw] -port 80`,
		`docker login -u me --password-stdin registry.example`,
		`docker login -u me -p [pw] registry.example`,
		`docker run -p 80:80 -e POSTGRES_PASSWORD=[pw] postgres`,
		`helm upgrade --set auth.password=[pw],x=y`,
		`sshpass -p [pw] ssh host`,
		`sqlcmd -S localhost -U sa -P '[Str0ng!]' -Q 'select 1'`,
		`ldapsearch -x -D cn=admin -w [pw] -b dc=x`,
		`sh -c "redis-server --requirepass [pw]"`,
		`bash -lc 'exec app --secret-key=[a] b'`,
		`su app -c "psql 'postgres://u:[p]@h/d'"`,
		`sh -c "redis-server --requirepass $PW"`,
		`app \
  --password [pw] \
  --other x`,
		`# mysql -psecret
echo done`,
		`openssl enc -pass pass:[pw] -in a`,
		`keytool -storepass [changeit] -keystore x.jks`,
		`app --password=abc$PW`,
		`app --no-password --enable-auth true`,
		`influx setup -u a -p [pw] -t [tok]`,
		`traefik --providers.docker=true --certificatesresolvers.le.acme.email=a@b.c`,
		`neo4j-admin dbms set-initial-password [pw]`,
		`htpasswd -Bbn user [pw] > /auth/htpasswd`,
		`echo 'unterminated`,
		`minio server /data --console-address :9001`,
		`cloudflared tunnel --no-autoupdate run --token [eyJhIjoi]`,
		`test "$(redis-cli -a [pw] ping)" = PONG`,
		"test \"`redis-cli -a [pw] ping`\" = PONG",
		"test \"`redis-cli -a \\\"[pw]\\\" ping`\" = PONG",
		`mysqladmin ping -h $(hostname -i) -p[pw]`,
		`mysqladmin ping 2>&1 -p[pw]`,
		`echo $'it\'s'; redis-cli -a [pw] ping`,
		"cat <<E\nit's\nE\nredis-cli -a [pw] ping",
		"sh <<'E'\nredis-cli -a [pw] ping\nE",
		`sleep $((60 * 5)); redis-cli -a [pw] ping`,
		`(redis-cli -a [a] ping); echo $((redis-cli -a [b] ping) | (cat))`,
		`${RUN:-app --password [pw]}`,
		`app --password "[pa$]"`,
		`mount -t cifs -o username=a,password=[pw],vers=3 //h/s /m`,
	} {
		script := strings.NewReplacer("[", "", "]", "").Replace(want)
		got := marked([]string{script}, ScriptLiterals(script))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
}

// Credentials in a list of words must be found in the word that holds them.
func TestCommandLiterals(t *testing.T) {
	for _, want := range []string{
		`redis-server | --requirepass | [hunter2]`,
		`redis-server | --requirepass | [-dash]`,
		`redis-server | --requirepass | $REDIS_PASSWORD`,
		`redis-server | --requirepass | [pa$$word]`,
		`sh | -c | exec redis-server --requirepass "[pw]"`,
		`/bin/sh | -ec | sh -c "redis-cli -a '[pw]' ping"`,
		`mysqladmin | ping | -h | localhost | -p[pw]`,
		`export PGPASSWORD=[pw]; exec psql`,
		`mongod | --auth`,
		`app | --password=[a b'c]`,
		`app | --url=postgres://u:[p@q]@h/d`,
		`--requirepass | [x]`,
		`curl | -u | user:[p:q] | http://x`,
		`app | --password`,
		`app | --password | /run/secrets/pw`,
	} {
		words := strings.Split(strings.NewReplacer("[", "", "]", "").Replace(want), " | ")
		got := marked(words, CommandLiterals(words))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
}

// Whatever the text, ranges must lie in it, in order, and without overlaps, and
// hold the value when nothing was quoted.
func FuzzLiterals(f *testing.F) {
	for _, script := range []string{`redis-server --requirepass "a\"b"`, `sh -c 'mysql -p"x y"' && curl -u a:b c://d:e@f`, "\\", `"`, `'`, "a=`b`", `sh -c sh\ -c\ "--pass\ x"`} {
		f.Add(script)
	}
	f.Fuzz(func(t *testing.T, script string) {
		check(t, []string{script}, ScriptLiterals(script))
		words := strings.Split(script, " ")
		check(t, words, CommandLiterals(words))
	})
}

func check(t *testing.T, words []string, found []Literal) {
	t.Helper()
	word, last := 0, 0
	for _, l := range found {
		if l.Word != word {
			word, last = l.Word, 0
		}
		if l.Word >= len(words) || l.Start < last || l.End <= l.Start || l.End > len(words[l.Word]) {
			t.Fatalf("%d words: bad range %d[%d:%d] behind %d", len(words), l.Word, l.Start, l.End, last)
		}
		last = l.End
		if l.Value.Len() > l.End-l.Start || !strings.HasPrefix(l.Rule, "flag:") {
			t.Fatalf("%s: value of %d bytes in a range of %d", l.Rule, l.Value.Len(), l.End-l.Start)
		}
	}
}
