package verdict

import (
	"github.com/docker-secrets/docker-secrets/internal/lazyregexp"
	"github.com/docker-secrets/docker-secrets/transform/images"
)

// The credential flags of programs, from their own manuals.

//nolint:gochecknoglobals // tables, never written
var (
	isShell = images.WordSet("sh bash ash dash zsh ksh su busybox")
	// promptsForPassword are programs whose --password takes no value or only
	// one behind '='.
	promptsForPassword = images.WordSet(`mysql mariadb mysqladmin mariadb-admin mysqldump mariadb-dump mysqlshow mariadb-show mysqlcheck mariadb-check
		mysqlimport mariadb-import psql pg_dump pg_dumpall pg_restore pg_isready pg_basebackup createdb dropdb createuser dropuser vacuumdb reindexdb`)
	// redisSettings are settings that Redis takes with or without dashes.
	redisSettings = images.WordSet("requirepass masterauth primaryauth")
	// noValueFlags are last words of flags that only say where a password is.
	noValueFlags = images.WordSet("stdin prompt fd command cmd env var ref interactive ask from")

	flagNames = newPhrases(`~password, ~passwords, ~passwd, ~passphrase, pass, pwd, pw, masterauth, primaryauth, ~secret, ~token, ~tokens, ~credentials, ~key, auth, salt, pepper, psk`)

	scriptMark        = lazyregexp.New(`\n| (?:&&|\|\|?) |; `) // "sh -c" may stand in another key
	variableOnly      = lazyregexp.New(`^\$(?:\w+|\{[^}]*\}|\([^)]*\))$`)
	takenForReference = lazyregexp.New(`^(?:id|src|source|type|env|file|name)=`)
)

// clientFlag is one flag of one program.
type clientFlag struct {
	flag      string
	attached  bool   // -pVALUE
	separate  bool   // -p VALUE
	separator string // the credential stands behind it: user:VALUE
	after     string // only behind this subcommand
	rule      string
}

// clientFlags are by program.
//
//nolint:gochecknoglobals // a table, never written
var clientFlags = byProgram(
	programFlags{"mysql mariadb mysqladmin mariadb-admin mysqldump mariadb-dump mysqlshow mariadb-show mysqlcheck mariadb-check mysqlimport mariadb-import mysqlslap mysqlpump mydumper", clientFlag{flag: "-p", attached: true, rule: "mysql"}},
	programFlags{"redis-cli valkey-cli keydb-cli", clientFlag{flag: "-a", separate: true, rule: "redis"}},
	programFlags{"mongosh mongo mongodump mongorestore mongoexport mongoimport mongostat mongotop", clientFlag{flag: "-p", separate: true, rule: "mongo"}},
	programFlags{"curl", clientFlag{flag: "-u", attached: true, separate: true, separator: ":", rule: "curl"}},
	programFlags{"curl etcdctl", clientFlag{flag: "--user", separate: true, separator: ":", rule: "curl"}},
	programFlags{"curl etcdctl", clientFlag{flag: "--user=", attached: true, separator: ":", rule: "curl"}},
	programFlags{"curl", clientFlag{flag: "-U", attached: true, separate: true, separator: ":", rule: "curl"}},
	programFlags{"curl", clientFlag{flag: "--proxy-user", separate: true, separator: ":", rule: "curl"}},
	programFlags{"http https xh", clientFlag{flag: "-a", separate: true, separator: ":", rule: "httpie"}},
	programFlags{"sqlcmd bcp", clientFlag{flag: "-P", attached: true, separate: true, rule: "sqlcmd"}},
	programFlags{"mosquitto_pub mosquitto_sub mosquitto_rr", clientFlag{flag: "-P", separate: true, rule: "mqtt"}}, //nolint:misspell // the broker is called so
	programFlags{"ldapsearch ldapadd ldapmodify ldapdelete ldapwhoami ldappasswd ldapcompare", clientFlag{flag: "-w", attached: true, separate: true, rule: "ldap"}},
	programFlags{"sshpass", clientFlag{flag: "-p", attached: true, separate: true, rule: "sshpass"}},
	programFlags{"docker podman nerdctl skopeo helm oras crane buildah", clientFlag{flag: "-p", separate: true, after: "login", rule: "login"}},
	programFlags{"cqlsh influx elasticsearch-users", clientFlag{flag: "-p", separate: true, rule: "password"}},
	programFlags{"influx", clientFlag{flag: "-t", separate: true, rule: "token"}},
	programFlags{"zip unzip", clientFlag{flag: "-P", separate: true, rule: "zip"}},
	programFlags{"7z 7za 7zz", clientFlag{flag: "-p", attached: true, rule: "zip"}},
	programFlags{"openssl", clientFlag{flag: "-pass", separate: true, separator: "pass:", rule: "openssl"}},
	programFlags{"openssl", clientFlag{flag: "-passin", separate: true, separator: "pass:", rule: "openssl"}},
	programFlags{"openssl", clientFlag{flag: "-passout", separate: true, separator: "pass:", rule: "openssl"}},
	programFlags{"smbclient rpcclient", clientFlag{flag: "-U", attached: true, separate: true, separator: "%", rule: "smb"}},
)

// programFlags is a row: programs, separated by blanks, and one of their flags.
type programFlags struct {
	programs string
	flag     clientFlag
}

func byProgram(rows ...programFlags) map[string][]clientFlag {
	index := map[string][]clientFlag{}
	for _, row := range rows {
		for program := range images.WordSet(row.programs) {
			index[program] = append(index[program], row.flag)
		}
	}
	return index
}

// anyProgram are the flags whose value itself shows that it is a login.
//
//nolint:gochecknoglobals // a table, never written
var anyProgram = []clientFlag{
	{flag: "-u", separate: true, separator: ";", rule: "samba"}, // of the image dperson/samba
}

// position is a credential that is an argument of a subcommand.
type position struct {
	subcommand string
	offset     int // words behind the subcommand
	rule       string
}

//nolint:gochecknoglobals // a table, never written
var positions = map[string][]position{
	"redis-cli":   {{"AUTH", 1, "redis"}, {"auth", 1, "redis"}},
	"valkey-cli":  {{"AUTH", 1, "redis"}, {"auth", 1, "redis"}},
	"keydb-cli":   {{"AUTH", 1, "redis"}, {"auth", 1, "redis"}},
	"mc":          {{"set", 3, "minio"}, {"set", 4, "minio"}, {"add", 3, "minio"}, {"add", 4, "minio"}},
	"rabbitmqctl": {{"add_user", 2, "rabbitmq"}, {"change_password", 2, "rabbitmq"}, {"authenticate_user", 2, "rabbitmq"}},
	"neo4j-admin": {{"set-initial-password", 1, "neo4j"}},
	"htpasswd":    htpasswdPositions(),
	"vault":       {{"login", 1, "vault"}},
}

// htpasswdPositions are those of the password behind each group of flags that has -b, which
// takes it from the command line: -n writes no file, so that one word less is before it.
func htpasswdPositions() []position {
	var all []position
	for _, group := range []struct {
		flags  string
		offset int
	}{{"b", 3}, {"bB", 3}, {"bc", 3}, {"bm", 3}, {"bBc", 3}, {"bcm", 3}, {"bn", 2}, {"bBn", 2}, {"bmn", 2}} {
		for _, flags := range permutations(group.flags) {
			all = append(all, position{"-" + flags, group.offset, "htpasswd"})
		}
	}
	return all
}

// permutations returns the letters of text in every order.
func permutations(text string) []string {
	if len(text) < 2 {
		return []string{text}
	}
	var all []string
	for i := range text {
		for _, rest := range permutations(text[:i] + text[i+1:]) {
			all = append(all, text[i:i+1]+rest)
		}
	}
	return all
}

// knownPrograms are all that the tables above speak about.
//
//nolint:gochecknoglobals // a table, never written
var knownPrograms = func() map[string]bool {
	known := map[string]bool{}
	for program := range clientFlags {
		known[program] = true
	}
	for program := range positions {
		known[program] = true
	}
	for _, set := range []map[string]bool{isShell, promptsForPassword} {
		for program := range set {
			known[program] = true
		}
	}
	return known
}()
