package plugin

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"math/rand/v2"
	"net/url"
	"strings"
)

// forms are the texts that a credential is written in. @ is the credential, and @@ the
// same with an @ behind it.
var forms = []string{
	"postgres://app:@@db.example.com/app", "amqp://u:@@mq/", "https://oauth2:@@git.example.com/x.git",
	`{"db":{"password":"@"}}`, `password = "@"`, "user=app password=@ host=db", "Server=db;User Id=sa;Password=@;",
	"Authorization: Bearer @", "https://api.example.com/v1?api_key=@", "https://api.example.com/hook?token=@",
	"mysql -u root -p@", "redis-cli -a @ ping", "curl -u admin:@ http://x", "--password=@", "requirepass @",
	"<Password>@</Password>", "machine h login u password @", "ghp_@abcdefghijklmnop", "DB_PASSWORD=@",
	"jdbc:oracle:thin:scott/@@//db:1521/x", "sftp://u:@@h/", "X-Api-Key: @", "redis-server --requirepass @",
	`client_secret: "@"`, "export DB_PASSWORD='@'", "https://hooks.slack.com/services/T0/B0/@", "db:5432:app:u:@",
	"IDENTIFIED BY '@'", "username=u,password=@", "AWS_SECRET_ACCESS_KEY=@",
}

// copies are the forms in which the value of a secret that is known is written elsewhere.
var copies = map[string]func(value string) string{
	"as it is": func(v string) string { return "x " + v + " y" },
	"percent":  url.QueryEscape,
	"base64":   func(v string) string { return base64.StdEncoding.EncodeToString([]byte(v)) },
	"base64 at 1": func(v string) string {
		return base64.StdEncoding.EncodeToString([]byte("u:" + v + ":x"))
	},
	"base64 at 2": func(v string) string {
		return base64.URLEncoding.EncodeToString([]byte("user:" + v))
	},
	"hex": func(v string) string { return hex.EncodeToString([]byte(v)) },
	"HEX": func(v string) string { return "0x" + strings.ToUpper(hex.EncodeToString([]byte(v))) },
	"json": func(v string) string {
		quoted, _ := json.Marshal(v)
		return `{"text":` + string(quoted) + `}`
	},
	"shell": func(v string) string { return `echo 'x` + strings.ReplaceAll(v, `'`, `'\''`) + `'` },
}

// canaryShapes are those of a secret that is known, by the characters that encodings
// change. An asterisk is a random letter or digit.
var canaryShapes = []string{"****************", `*******/**+****&****`, `******"*****\*******`, `******'*****$*******`}

// planted is what one run plants.
type plant struct {
	what   string
	text   string            // for the place
	canary string            // what must not be shown
	files  map[string]string // that know the canary
	env    []string          // the shell's variables
}

// ways are how a text comes to hold a credential.
var ways = []string{"literal", "literal", "variable", "default", "shell", "copy"}

// newPlant draws a form, a way and a credential: a bare one of letters and digits only.
func newPlant(random *rand.Rand, bare bool) plant {
	form, way := forms[random.IntN(len(forms))], ways[random.IntN(len(ways))]
	for bare && strings.ContainsAny(form, `'"`) {
		form = forms[random.IntN(len(forms))]
	}
	p := plant{what: form + ", " + way, canary: grow(random, canaryShapes[0]), files: map[string]string{}}
	instead := p.canary
	switch way {
	case "variable":
		p.files[".env"], instead = "NEUTRAL_X="+p.canary+"\n", "${NEUTRAL_X}"
	case "default":
		instead = "${NEUTRAL_X:-" + p.canary + "}"
	case "shell":
		p.env, instead = []string{"NEUTRAL_X=" + p.canary}, "$NEUTRAL_X"
		if strings.Contains(form, "@abc") {
			instead = "${NEUTRAL_X}"
		}
	case "copy":
		return newCopy(random, bare)
	}
	p.text = strings.ReplaceAll(form, "@@", instead+"\x00")
	p.text = strings.ReplaceAll(strings.ReplaceAll(p.text, "@", instead), "\x00", "@")
	return p
}

// newCopy draws a secret that the service has, and another form of it.
func newCopy(random *rand.Rand, bare bool) plant {
	shape := canaryShapes[random.IntN(len(canaryShapes))]
	if bare {
		shape = canaryShapes[0]
	}
	name := sortedKeysOf(copies)[random.IntN(len(copies))]
	p := plant{what: "copy, " + name + ", " + shape, canary: grow(random, shape)}
	p.text = strings.ReplaceAll(copies[name](p.canary), "$", "$$")
	p.files = map[string]string{"known.env": "SMTP_PASSWORD=" + p.canary + "\n"}
	return p
}
