package check

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// sample is what one rule has to find, and what it must not.
type sample struct {
	wrong   Facts
	message string // of the only finding in wrong
	right   Facts
}

func application(a Application) Facts { return Facts{Application: a} }
func git(r Repository) Facts          { return Facts{Repository: r} }
func stack(s Stack) Facts             { return Facts{Stack: s} }
func onSwarm(s Swarm) Facts           { s.Stack = "shop"; return Facts{Swarm: s} }
func textOf(kind string) sample {
	return sample{
		wrong:   application(Application{Texts: []Text{{Kind: kind, Path: "services.web.x", Written: true}}}),
		message: "services.web.x shows a credential",
		right:   application(Application{Texts: []Text{{Kind: "other", Path: "services.web.x", Written: true}}}),
	}
}

func granted(g Grant) Facts {
	return stack(Stack{Declared: []Declared{{Name: "db_password"}}, Services: []Service{{Name: "web", Grants: []Grant{g}}}})
}

// samples has one entry for each rule.
var samples = map[string]sample{
	"compose-plaintext": {
		wrong:   application(Application{Variables: []Variable{{Service: "web", Name: "DB_PASSWORD", Written: true}}}),
		message: "web.DB_PASSWORD is written in the compose file",
		right:   application(Application{Variables: []Variable{{Service: "web", Name: "DB_PASSWORD"}, {Name: "X", Written: true, Default: true}}}),
	},
	"compose-default": {
		wrong:   application(Application{Variables: []Variable{{Service: "web", Name: "DB_PASSWORD", Written: true, Default: true}}}),
		message: "web.DB_PASSWORD has a default in the compose file",
		right:   application(Application{Variables: []Variable{{Service: "web", Name: "DB_PASSWORD", Written: true}}}),
	},
	"secret-in-build-argument": textOf("build argument"),
	"secret-in-label":          textOf("label"),
	"secret-in-command":        textOf("command"),
	"secret-in-healthcheck":    textOf("healthcheck"),
	"secret-in-config":         textOf("config"),
	"secret-in-comment":        textOf("comment"),
	"secret-in-text":           textOf("text"),
	"env-tracked": {
		wrong:   git(Repository{EnvFiles: []TrackedFile{{Place: Place{File: ".env"}, Secrets: []string{"A_KEY", "B_KEY"}}}}),
		message: "git tracks the file, which has A_KEY, B_KEY",
		right:   git(Repository{EnvFiles: []TrackedFile{{Place: Place{File: "public.env"}}}}),
	},
	"history-value": {
		wrong:   git(Repository{Commits: 9, Leaks: []Leak{{Secret: "db_password", Commit: "1234", Place: Place{File: ".env", Line: 3}, More: 2}}}),
		message: "db_password, since commit 1234, and in 2 more places",
		right:   git(Repository{Commits: 9, Leaks: []Leak{{Secret: "vendor-token", Shape: true}}}),
	},
	"history-shape": {
		wrong:   git(Repository{Commits: 9, Leaks: []Leak{{Secret: "vendor-token", Commit: "1234", Shape: true, More: 1}}}),
		message: "vendor-token, since commit 1234, and in one more place",
		right:   git(Repository{Commits: 9}),
	},
	"gitignore": {
		wrong:   git(Repository{NotIgnored: []string{"*.pem"}, Ignored: 4}),
		message: "*.pem is missing",
		right:   git(Repository{Ignored: 5}),
	},
	"dockerignore": {
		wrong:   application(Application{Contexts: []Context{{Services: []string{"api"}, LetIn: []string{".env"}, Place: Place{File: ".dockerignore"}}}}),
		message: "lets .env into the build of api",
		right:   application(Application{Contexts: []Context{{Services: []string{"api"}}}}),
	},
	"stack-missing": {
		wrong:   Facts{Stack: Stack{Missing: true, File: "prod.yml", Blind: "none"}, Application: Application{Variables: []Variable{{}}}},
		message: "the file does not exist",
		right:   Facts{Application: Application{Variables: []Variable{{}}}},
	},
	"stack-stale":  {wrong: stack(Stack{Stale: true, File: "prod.yml"}), message: "the file is not what docker secrets migrate writes", right: stack(Stack{})},
	"stack-edited": {wrong: stack(Stack{Edited: true, File: "prod.yml"}), message: "the file was edited by hand", right: stack(Stack{})},
	"stack-undeclared": {
		wrong:   granted(Grant{Secret: "api_key", Used: true}),
		message: "web refers to api_key, which secrets: does not have",
		right:   granted(Grant{Secret: "db_password"}),
	},
	"stack-unused": {
		wrong:   stack(Stack{Declared: []Declared{{Name: "api_key"}}}),
		message: "api_key is declared, and no service uses it",
		right:   granted(Grant{Secret: "db_password"}),
	},
	"stack-unread": {
		wrong:   stack(Stack{Services: []Service{{Name: "web"}}, Unread: []Named{{Name: "web"}}}),
		message: "web does not read its secrets",
		right:   stack(Stack{Services: []Service{{Name: "web"}}}),
	},
	"stack-in-clear": {
		wrong:   stack(Stack{InClear: []Named{{Name: "services.web.labels.x"}}}),
		message: "services.web.labels.x is in plain text",
		right:   stack(Stack{}),
	},
	"pin-missing": {
		wrong:   onSwarm(Swarm{Missing: []string{"db_password_v2"}}),
		message: "db_password_v2 is not on the Swarm",
		right:   Facts{Stack: Stack{Declared: []Declared{{Name: "db_password"}}}},
	},
	"grant-unused": {
		wrong:   granted(Grant{Secret: "db_password", Target: "db"}),
		message: "web gets db_password, and nothing in it reads /run/secrets/db",
		right:   granted(Grant{Secret: "db_password", Used: true}),
	},
	"mode-wide": {
		wrong:   granted(Grant{Secret: "db_password", Stated: true, Mode: 0o444, Owner: "1000"}),
		message: "web gets db_password with mode 0444",
		right:   granted(Grant{Secret: "db_password", Stated: true, Mode: 0o400, Owner: "1000"}),
	},
	"value-twice": {
		wrong:   application(Application{Variables: []Variable{{}}, EqualValues: []Equal{{Secrets: []string{"a", "b"}}}}),
		message: "a, b have the same value",
		right:   application(Application{Variables: []Variable{{}}}),
	},
	"secret-wide": {
		wrong:   shared("a", "b", "c", "d", "e"),
		message: "db_password is for 5 services: a, b, c, d, e",
		right:   shared("a", "b", "c", "d"),
	},
	"rotation-due": {
		wrong:   onSwarm(Swarm{MaxAge: "90d", Versions: []Version{{Secret: "k", Object: "k_v2", InUse: true, TooOld: true, Age: "100 days"}}}),
		message: "k_v2 is 100 days old, and the maximum is 90d",
		right:   onSwarm(Swarm{Versions: []Version{{Secret: "k", InUse: true}, {Secret: "k", TooOld: true}}}),
	},
	"version-unused": {
		wrong:   onSwarm(Swarm{Versions: []Version{{Secret: "k", Object: "k"}}}),
		message: "k is used by nothing",
		right:   onSwarm(Swarm{Versions: []Version{{Secret: "k", InUse: true}, {Secret: "k", Kept: true}}}),
	},
	"manager-newer": {
		wrong:   onSwarm(Swarm{Managed: 1, Newer: []string{"k"}}),
		message: "k has a newer version in its secret manager",
		right:   onSwarm(Swarm{Managed: 1}),
	},
	"shared-object": {
		wrong:   onSwarm(Swarm{Versions: []Version{{}}, Shared: []Shared{{Secret: "k", With: "other_web", Stack: "other", Object: true}}}),
		message: "k is used by other_web of stack other too",
		right:   onSwarm(Swarm{Versions: []Version{{}}, Shared: []Shared{{Secret: "k"}}}),
	},
	"shared-value": {
		wrong:   onSwarm(Swarm{Compared: 2, Shared: []Shared{{Secret: "k", With: "l", Stack: "other"}}}),
		message: "k has the value of l of stack other",
		right:   onSwarm(Swarm{Compared: 2}),
	},
	"autolock-off":     {wrong: onSwarm(Swarm{}), message: "autolock is off", right: onSwarm(Swarm{Autolock: true})},
	"engine-plain-tcp": {wrong: onSwarm(Swarm{PlainEngine: "tcp://a:2375"}), message: "tcp://a:2375 has no TLS", right: onSwarm(Swarm{})},
	"manager-plain-http": {
		wrong:   onSwarm(Swarm{Managers: []Address{{Manager: "vault://", Variable: "VAULT_ADDR", Plain: true}}}),
		message: "vault://: VAULT_ADDR has an address without TLS",
		right:   onSwarm(Swarm{Managers: []Address{{Manager: "vault://", Variable: "VAULT_ADDR"}}}),
	},
	"residue": {
		wrong:   onSwarm(Swarm{Searched: 3, Residues: []Residue{{"DB_PASSWORD", "service shop_web"}}}),
		message: "DB_PASSWORD is in plain text in service shop_web",
		right:   onSwarm(Swarm{Searched: 3}),
	},
	"secret-not-found": {
		wrong:   onSwarm(Swarm{Running: 1, NotFound: []Trouble{{"web", "k", "gone"}}}),
		message: "web, k: gone",
		right:   onSwarm(Swarm{Running: 1}),
	},
	"permission-denied": {
		wrong:   stack(Stack{Services: []Service{{Name: "web", User: "1000", Grants: []Grant{{Secret: "k", Mode: 0o400}}}}}),
		message: "web, k: user 1000 cannot read a file of 0:0 with mode 0400",
		right:   stack(Stack{Services: []Service{{Name: "web", User: "1000", Grants: []Grant{{Secret: "k", Mode: 0o400, Owner: "1000"}}}}}),
	},
	"not-updating": {
		wrong:   onSwarm(Swarm{Running: 1, Old: []Trouble{{"web", "k", "runs with k"}}}),
		message: "web, k: runs with k",
		right:   onSwarm(Swarm{Running: 1}),
	},
}

// shared is a stack file in which all services get db_password.
func shared(services ...string) Facts {
	s := Stack{Declared: []Declared{{Name: "db_password"}}}
	for _, name := range services {
		s.Services = append(s.Services, Service{Name: name, Grants: []Grant{{Secret: "db_password", Used: true}}})
	}
	return stack(s)
}

// Every rule must find what is wrong, with a place to begin, and must look at what is
// right without finding anything.
func TestEachRuleFindsItsSample(t *testing.T) {
	for _, rule := range Rules() {
		s, found := samples[rule.ID]
		if !found {
			t.Errorf("%s has no sample", rule.ID)
			continue
		}
		var messages []string
		for _, f := range rule.look(s.wrong).found {
			messages = append(messages, f.Message)
			if f.Fix == "" || f.Severity == "" || f.Subject == "" {
				t.Errorf("%s: the finding says not enough: %+v", rule.ID, f)
			}
		}
		if diff := cmp.Diff([]string{s.message}, messages); diff != "" {
			t.Errorf("%s (-want +got)\n%s", rule.ID, diff)
		}
		if out := rule.look(s.right); len(out.found) > 0 {
			t.Errorf("%s finds %+v where nothing is wrong", rule.ID, out.found)
		}
	}
	if len(samples) != len(Rules()) {
		t.Errorf("%d samples for %d rules", len(samples), len(Rules()))
	}
}

// Every rule must say what a person needs: one sentence why, and how to mend it.
func TestEachRuleIsExplained(t *testing.T) {
	known := map[string]bool{}
	for _, rule := range Rules() {
		if rule.Title == "" || !strings.HasSuffix(rule.Why, ".") || rule.Fix == "" || known[rule.ID] || rule.Line < 1 || rule.Line > len(guideLines) {
			t.Errorf("%+v", rule)
		}
		known[rule.ID] = true
	}
}

// A process must be denied what mode and owner deny it, and nobody whom only the image
// knows.
func TestDenied(t *testing.T) {
	for _, c := range []struct {
		user, owner, group string
		mode               uint32
		denied             bool
	}{
		{"1000", "", "", 0o444, false},
		{"1000", "", "", 0o400, true},
		{"1000", "1000", "", 0o400, false},
		{"1000", "1000", "", 0o040, true},
		{"1000:50", "0", "50", 0o440, false},
		{"1000:50", "0", "51", 0o440, true},
		{"1000", "0", "", 0o440, false},
		{"0", "1000", "", 0o400, false},
		{"app", "", "", 0o400, false},
		{"", "", "", 0o400, false},
	} {
		if got := Denied(c.user, c.owner, c.group, c.mode) != ""; got != c.denied {
			t.Errorf("%+v: denied is %v", c, got)
		}
	}
}
