package plugin

import "strings"

// findingKind is how the report speaks of all findings of one code together.
type findingKind struct {
	code     string
	severity severity // "" for lost or note, as the finding says
	phrase   string   // what is so, after "web, worker: "; {what} are the subjects; "" for the findings' own words
}

// kindOf returns the row of code; its phrase is "" if it has none.
func kindOf(code string, loss bool) findingKind {
	kinds := noteKinds
	if loss {
		kinds = lossKinds
	}
	for _, k := range kinds {
		if k.code == code {
			return k
		}
	}
	if strings.HasPrefix(code, "dropped-") && !loss {
		return findingKind{code: code, phrase: "no {what} on Swarm"}
	}
	return findingKind{code: code}
}

// lossKinds are the codes of losses whose findings are told together. Others, which are
// rare, are told in their own words.
//
//nolint:gochecknoglobals // a table, never written
var lossKinds = []findingKind{
	{"unread", breaks, ""},
	{"shell-not-known", breaks, "starts through /bin/sh, and nothing shows that the image has it (--deliver SERVICE=env if it has)"},
	{"native-trap", breaks, ""},
	{"inline-secret", refused, ""},
	{"left-in-clear", refused, ""},
	{"common-value", maybeSecret, ""},

	{"no-equivalent", "", "no {what} on Swarm"},
	{"dropped-condition", "", "started without waiting for {what}"},
	{"port-host-ip", "", "port open on every node, not on one address"},
	{"unknown-key", "", "unknown key {what} dropped"},
	{"volumes-from", "", "shares volumes on one node only"},
	{"node-network", "", "network {what} must be created beforehand"},
	{"tmpfs-option", "", "tmpfs options dropped"},
}

// noteKinds are those of all others.
//
//nolint:gochecknoglobals // a table, never written
var noteKinds = []findingKind{
	{"unread", breaks, ""},
	{"image-reads-no-file", breaks, "must read {what} from /run/secrets itself"},
	{"native-trap", breaks, ""},
	{"literal-variable", breaks, ""},
	{"command-not-rewritten", breaks, ""},

	{"weak-secret", refused, "weak or default value: {what} (--allow-weak)"},

	{"maybe-moved", "", "moved to a secret: {what} (undo: --plain NAME)"},
	{"maybe-kept", "", "left in plaintext: {what} (move: --secret NAME)"},
	{"plaintext", "", "copied from env files: {what}"},
	{"build-secret", plaintext, ""},

	{"bind-path", "", "bind mounts need the path on every node"},
	{"common-value", "", ""},
	{"command-reads-secret", "", "command reads secrets from files"},
	{"config-secret", "", "config with a credential is a secret"},
	{"config-template", "", "config is a template"},
	{"container-name", "", "container_name is a network alias"},
	{"dropped-build", "", "no build on Swarm: push the image"},
	{"dropped-depends-on", "", "no depends_on on Swarm"},
	{"dropped-driver", "", "network {what} is an overlay"},
	{"dropped-links", "", "no links on Swarm: use service names"},
	{"dropped-name", "", "name is kept as x-stack"},
	{"dropped-network-mode", "", "joins the default network"},
	{"dropped-profiles", "", "no profiles on Swarm"},
	{"dropped-expose", "", "no expose on Swarm: all ports are reachable"},
	{"empty-variable", "", "empty variables kept: {what}"},
	{"external", "", "created by docker secrets deploy"},
	{"external-network", "", "network {what} must have swarm scope"},
	{"healthcheck-reads-secret", "", "healthcheck reads secrets from files"},
	{"host-network", "", "uses the host network of its node"},
	{"host-port", "", "port published in host mode"},
	{"kept-value", "", "value not available here: {what}"},
	{"local-volume", "", "volume per node: {what}"},
	{"moved", "", "moved to a key of Swarm: {what}"},
	{"no-network", "", "has an internal network of its own"},
	{"one-shot", "", "runs once: restart condition none"},
	{"platform", "", "platform is a placement constraint"},
	{"recent-engine", "", "needs Engine 26 or later"},
	{"repeats-secret", "", "{what} repeats another secret: change both together"},
	{"restart-default", "", "no restart policy: Swarm restarts what exits"},
	{"restart-policy", "", "restart is deploy.restart_policy"},
	{"said-twice", "", "deploy already sets {what}"},
	{"shared-file", "", "{what} shares another variable's file"},
	{"shell-not-known", "", "needs /bin/sh in the image"},
	{"unquoted-value", "", "quote the value of {what}"},
	{"unset-variable", "", "not set: {what}"},
	{"unset-secret", "", "secrets without a value yet: {what}"},
}
