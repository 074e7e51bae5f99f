package transform

// Options are what Rewrite cannot see in the model.
type Options struct {
	Prefix    string                 // stands before each secret's and config's name on the Swarm
	Images    map[string]ImageConfig // by service; a service that is missing has an image of which nothing is known
	NotKnown  map[string]string      // by service: why its image is missing in Images, as half a sentence
	Templates map[string]string      // secrets that are made of others: see Templates
	Deliver   map[string]Delivery    // by service, "" for all: what the user wants, DeliverNative, DeliverFile or DeliverEnv
}

// ImageConfig is what an image says about the way it runs.
type ImageConfig struct {
	Entrypoint  []string // nil for none
	Command     []string // CMD, nil for none
	Shell       []string // what runs a text, nil for /bin/sh -c
	Variables   []string // names that its ENV sets; those that it also reads from a file will do
	Healthcheck []string // the test, "CMD" or "CMD-SHELL" first; nil for none
	HasShell    Answer   // whether /bin/sh is in it
}

// Answer is yes, no or not known.
type Answer string

// The answers.
const (
	NotKnown Answer = ""
	Yes      Answer = "yes"
	No       Answer = "no"
)

// deliver is what the user wants for service, "" for what fits best.
func (o Options) deliver(service string) Delivery {
	if d, ok := o.Deliver[service]; ok {
		return d
	}
	return o.Deliver[""]
}
