package transform

import (
	"github.com/docker-secrets/docker-secrets/transform/images"
)

// Options are what Rewrite cannot see in the model.
type Options struct {
	Prefix    string                   // stands before each secret's and config's name on the Swarm
	Images    map[string]images.Config // by service; a service that is missing has an image of which nothing is known
	NotKnown  map[string]string        // by service: why its image is missing in Images, as half a sentence
	Templates map[string]string        // secrets that are made of others: see Templates
	Deliver   map[string]Delivery      // by service, "" for all: what the user wants, DeliverNative, DeliverFile or DeliverEnv
}

// deliver is what the user wants for service, "" for what fits best.
func (o Options) deliver(service string) Delivery {
	if d, ok := o.Deliver[service]; ok {
		return d
	}
	return o.Deliver[""]
}
