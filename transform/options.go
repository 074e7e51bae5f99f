package transform

import (
	"github.com/docker-secrets/docker-secrets/transform/images"
)

// Options are what Rewrite cannot see in the model.
type Options struct {
	Prefix    string                   // put before the name of each secret and config on the Swarm
	Images    map[string]images.Config // by service; nothing is known of the image of a service that is missing
	NotKnown  map[string]string        // by service: why its image is missing in Images, as half a sentence
	Runs      map[string]string        // by service: where Images has its entry from, as people find it; "" for the image's config
	Offline   bool                     // nobody was asked about images
	Reads     map[string]string        // by service: what shows that the application reads its secrets from files
	Templates map[string]string        // by secret: see classify.Templates
	Deliver   map[string]DeliveryKind  // by service, "" for all: what the user wants, DeliverNative, DeliverFile or DeliverEnv
}

// deliver returns what the user wants for service, "" for whatever fits best.
func (o Options) deliver(service string) DeliveryKind {
	if d, ok := o.Deliver[service]; ok {
		return d
	}
	return o.Deliver[""]
}
