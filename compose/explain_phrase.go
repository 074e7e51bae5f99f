package compose

import (
	"regexp"
	"strings"
)

// phrases turn compose-go's messages into one line: the thing first, what is wrong,
// what to do. They are applied in order, each once.
//
//nolint:gochecknoglobals // a table, never written
var phrases = []struct {
	pattern string // compiled when something is wrong, and not at every start
	say     string
}{
	{`\s*\n\s*`, " "},
	{`^decoding failed due to the following error\(s\): `, ""},
	{`: invalid compose project$`, ""},
	{`^validating (?:\S+): `, ""},
	{`'services\[([^\]]+)\]\.?(\S*)' `, "services.$1.$2: "},
	{`^error while interpolating (\S+): failed to cast to expected type: strconv\.(?:Atoi|ParseInt): parsing "?([^"]*)"?: .*`, "$1: must be a number, not $2"},
	{`^error while interpolating (\S+): failed to cast to expected type: strconv\.ParseFloat: parsing "?([^"]*)"?: .*`, "$1: must be a number, not $2"},
	{`^error while interpolating (\S+): failed to cast to expected type: .*`, "$1: must be true or false, or a number"},
	{`^failed to parse (\S+): yaml: construct errors: line [0-9]+: line ([0-9]+): mapping key "([^"]*)" already defined at line ([0-9]+).*`, "$1:$2: $3 is also defined in line $4; remove one"},
	{`^(\S+) false schema$`, "$1: not a Compose key; remove it, or prefix it with x-"},
	{`^top-level object must be a mapping$`, "the compose file must be a mapping, with services: in it"},
	{`^(services\.\S*[^\s:]) (must be .*)$`, "$1: $2"},
	{`^(?:invalid|Invalid) (hostPort|containerPort|ip address|proto)(: .*)`, "$1 is not valid$2"},
	{`^cannot extend service "([^"]+)" in (\S+): service "([^"]+)" not found$`, "services.$1.extends: $2 has no service $3"},
	{`^service "([^"]+)" has neither an image nor a build context specified$`, "services.$1: neither image: nor build:; add one"},
	{`^service "([^"]+)" `, "services.$1: "},
}

// plainly returns text with compose-go's messages replaced by this program's.
func plainly(text string) string {
	for _, p := range phrases {
		text = regexp.MustCompile(p.pattern).ReplaceAllString(text, p.say)
	}
	return strings.TrimSpace(text)
}

var modelPath = regexp.MustCompile(`\b(?:services|networks|volumes|configs|secrets)[.\[][^\s:'",]+`)

// firstPath returns the first model path in text, its keys joined by dots; "" if
// there is none.
func firstPath(text string) string {
	return strings.NewReplacer("[", ".", "]", "").Replace(modelPath.FindString(text))
}
