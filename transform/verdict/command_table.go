package verdict

import (
	"strings"

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
	less       string // if set, subcommand is a flag in a group of them (-Bbn); with this one in it the offset is one less
}

// at returns where the credential is behind word; 0 if word is not p's subcommand.
func (p position) at(word string) int {
	switch {
	case p.less == "" && word == p.subcommand:
		return p.offset
	case p.less == "" || len(word) < 2 || word[0] != '-' || word[1] == '-' || !strings.Contains(word, p.subcommand[1:]):
		return 0
	case strings.Contains(word, p.less):
		return p.offset - 1
	}
	return p.offset
}

//nolint:gochecknoglobals // a table, never written
var positions = map[string][]position{
	"redis-cli":   {{subcommand: "AUTH", offset: 1, rule: "redis"}, {subcommand: "auth", offset: 1, rule: "redis"}},
	"valkey-cli":  {{subcommand: "AUTH", offset: 1, rule: "redis"}, {subcommand: "auth", offset: 1, rule: "redis"}},
	"keydb-cli":   {{subcommand: "AUTH", offset: 1, rule: "redis"}, {subcommand: "auth", offset: 1, rule: "redis"}},
	"mc":          {{subcommand: "set", offset: 3, rule: "minio"}, {subcommand: "set", offset: 4, rule: "minio"}, {subcommand: "add", offset: 3, rule: "minio"}, {subcommand: "add", offset: 4, rule: "minio"}},
	"rabbitmqctl": {{subcommand: "add_user", offset: 2, rule: "rabbitmq"}, {subcommand: "change_password", offset: 2, rule: "rabbitmq"}, {subcommand: "authenticate_user", offset: 2, rule: "rabbitmq"}},
	"neo4j-admin": {{subcommand: "set-initial-password", offset: 1, rule: "neo4j"}},
	"htpasswd":    {{subcommand: "-b", offset: 3, rule: "htpasswd", less: "n"}},
	"vault":       {{subcommand: "login", offset: 1, rule: "vault"}},
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
