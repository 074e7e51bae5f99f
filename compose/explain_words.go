package compose

import (
	"strings"
	"sync"
)

// vocabulary returns the words that compose-go and its parsers use in their own
// messages.
//
//nolint:gochecknoglobals // a table, never written
var vocabulary = sync.OnceValue(func() map[string]bool {
	words := map[string]bool{}
	for word := range strings.FieldsSeq(vocabularyText) {
		words[word] = true
	}
	return words
})

const vocabularyText = `
construct decoding due duplicate errors following non-string top-level
a actions additional additionalitem address all allof allowed alphanumeric already an and another any anyof are argument arguments array as at atoi
attribute attributes avoid bad be between bind blank boolean both build buildable but by can cannot cast causing characters cmd colons compose config
configuration conflict conflicting confusing confusion consist const container containerport contains contentschema context contexts convert count
cpus cycle days declare declared declares defined depend dependency depends deploy detected develop device directory disabled distinct dockerfile does
duration either empty enabled encoded end entry enum env environment equal error escape exceeds exclusive exclusivemaximum exclusiveminimum exists
expected expose extend extends external extra failed false field file for format found g got gpus greater hard has have healthcheck hook host hostport
hosts hours hyphens id ids if ignored image in include incompatible inline integer internal interpolating interpolation into invalid ip is it items
job jsonschema jsontype key keys label labels last less letter level limit limits line list logging long lowercase many mapping match matched max
maximum maxitems maxlength maxproperties may mediatype mem memory merge min minimum minitems minlength minproperties minutes missing mode model months
mount mounted multipleof must mutually mutualy name names need neither network networks no node non none nor not null number object obsolete of on one
oneof only options or other out override parameters parse parsebool parsefloat parseint parsing path pattern pids platform platforms please policy
port ports potential pre profiles project properties property propertyname proto provided pull range ranges read rebuild reference references refers
regular remove replicas request required reservation reservations resolve resolving resources run s scale schedule schema seconds secret secrets
section service services set shell should size soft source space spec specification specified ssh start strconv string sub subschemas such suffix
syntax t target template test than the time tmpfs to toml too top trailing two type ulimit ulimits undefined underscores unexpected unique unit
unknown unlimited unmarshal unsupported up use valid validating validation value values variable version visit volume volumes want watch weeks well
while will with yaml years you
`
