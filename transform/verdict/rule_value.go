package verdict

import (
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/transform"
)

//nolint:gochecknoglobals // a table, never written
var referenceRules = []rule{
	{name: "value:reference", verdict: transform.Secret, value: isReference},
}

// valueVetoes are values that cannot be a secret.
//
//nolint:gochecknoglobals // a table, never written
var valueVetoes = []rule{
	{name: "veto:switch", verdict: transform.Plain, value: isSwitch},
	{name: "veto:switch", verdict: transform.Plain, value: isBit, when: hasSwitchWord},
	{name: "veto:switch", verdict: transform.Plain, when: isEmptySwitch},
	{name: "veto:nothing", verdict: transform.Plain, value: isNothing},
	{name: "veto:quantity", verdict: transform.Plain, value: isQuantity, words: newPhrases(`~tokens, ~token`), when: isTokenQuantity},
	{name: "veto:quantity", verdict: transform.Plain, value: isRounds, words: newPhrases(`salt, salts, hash, hashing`)},
	{name: "veto:path", verdict: transform.Plain, value: isPath},
	{name: "veto:docker-reference", verdict: transform.Plain, value: isDockerReference},
	{name: "veto:public-key", verdict: transform.Plain, value: isPublicMaterial},
	{name: "veto:anonymous-token", verdict: transform.Plain, value: isAnonJWT},
	{name: "veto:sentry-dsn", verdict: transform.Plain, value: isSentryDSN},
	{name: "veto:url", verdict: transform.Plain, value: isPlainURL, when: func(s *subject) bool { return !isWebhookKey(s) && !getsPassword(s) }},
}

// valueRules are credentials by their shape, under any name that is not public: one
// row for each finder, and the flags of commands.
//
//nolint:gochecknoglobals // a table, never written
var valueRules = func() []rule {
	rows := []rule{{name: "value:url-password", verdict: transform.Secret, when: getsPassword}}
	for _, f := range append(slices.Clone(finders), finder{rule: "value:command-flag", may: mayBeCommand, find: commandFlags}) {
		rows = append(rows, rule{name: f.rule, verdict: transform.Secret, value: f.tells})
	}
	return rows
}()

//nolint:gochecknoglobals // a table, never written
var (
	switches = newPhrases(
		`~allow, ~enable, ~enabled, ~disable, ~disabled, ~random, ~require, ~required, ~use, ~with, ~force, ~skip, ~verify, ~show, ~hide, ~is, ~has, ~no, ~generate, ~rotate, ~expose, ~activate, ~check, ~validate, ~insecure, ~only, ~ignore`,
		`^want, ^needs, ^should, ^support, ^accept, ^secure, ^trust`,
	)
	emptySwitches = newPhrases(
		`^allow, ^accept, ^enable, ^disable, ^require, ^use, ^skip, ^verify, ^show, ^hide, ^is, ^has, ^no, ^expose, ^secure`,
		`~allow empty, ~with credentials, ~allow credentials, cors credentials, ~random root password, ~secure cookie, ~secure cookies`,
	)
)

// getsPassword reports whether a URL has the place of a password that a variable is to
// fill.
func getsPassword(s *subject) bool { return s.hasVariables && strings.Contains(s.value, "://:@") }

// isRounds reports whether v is a number of hash rounds, since it is too short for a
// salt.
func isRounds(v string) bool { return len(v) <= 2 && isNumber(v) }

func hasSwitchWord(s *subject) bool { return switches.match(s) }

// isEmptySwitch reports whether the value is empty and the name is that of a switch, not
// of a secret.
func isEmptySwitch(s *subject) bool { return s.value == "" && emptySwitches.match(s) }

// isTokenQuantity reports whether the value is a number of tokens, and not a credential
// of digits: that is what more than four digits are if the name ends in token, and any
// digits if the name is that of a password.
func isTokenQuantity(s *subject) bool {
	if passwords.match(s) {
		return false
	}
	return len(s.value) <= 4 || s.words[len(s.words)-1] != "token" || strings.Trim(s.value, "0123456789") != ""
}
