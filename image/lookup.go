package image

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/google/go-containerregistry/pkg/authn"

	"github.com/docker-secrets/docker-secrets/transform/images"
)

// DefaultTimeout is how long one image may take, Engine and registry together.
const DefaultTimeout = 5 * time.Second

// atOnce is how many images are asked about at the same time.
const atOnce = 16

// Lookup is whom to ask.
type Lookup struct {
	Engine    Engine            // nil: no Engine is asked
	Keychain  authn.Keychain    // the user's credentials; nil: no registry is asked
	Transport http.RoundTripper // to registries; nil for go-containerregistry's own
	Timeout   time.Duration     // 0 for DefaultTimeout
}

// Question is an image to ask about.
type Question struct {
	Image     string // as it is written in a compose file
	LocalOnly bool   // no registry is to be asked
}

// Answers are what is known of images, by the name that was asked for.
type Answers struct {
	Configs  map[string]images.Config
	NotKnown map[string]string // why the others are missing, as half a sentence
}

// Ask asks about all images at once. It returns within Timeout for every atOnce
// of them whatever the Engine, a registry or a credential helper do. No answer is
// not an error.
func (l Lookup) Ask(ctx context.Context, questions []Question) Answers {
	answers := Answers{Configs: map[string]images.Config{}, NotKnown: map[string]string{}}
	var mu sync.Mutex
	var group sync.WaitGroup
	slots := make(chan struct{}, atOnce)
	for _, q := range questions {
		group.Go(func() {
			slots <- struct{}{}
			config, why := l.one(ctx, q)
			<-slots
			mu.Lock()
			defer mu.Unlock()
			if why != "" {
				answers.NotKnown[q.Image] = why
				return
			}
			answers.Configs[q.Image] = config
		})
	}
	group.Wait()
	return answers
}

// one asks about one image and gives up when the time is over, even if somebody
// on the way does not listen to the context.
func (l Lookup) one(ctx context.Context, q Question) (images.Config, string) {
	timeout := l.Timeout
	if timeout == 0 {
		timeout = DefaultTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	type answer struct {
		config images.Config
		why    string
	}
	answered := make(chan answer, 1)
	go func() {
		config, why := l.sources(ctx, q)
		answered <- answer{config, why}
	}()
	select {
	case a := <-answered:
		return a.config, a.why
	case <-ctx.Done():
		return images.Config{}, fmt.Sprintf("no answer about it within %s", timeout)
	}
}

// sources asks the Engine, then the registry.
func (l Lookup) sources(ctx context.Context, q Question) (images.Config, string) {
	if l.Engine == nil && l.Keychain == nil {
		return images.Config{}, "neither the Engine nor a registry was asked"
	}
	local := "the Engine was not asked"
	if l.Engine != nil {
		config, why := askEngine(ctx, l.Engine, q.Image)
		if why == "" {
			return config, ""
		}
		local = why
	}
	if q.LocalOnly || l.Keychain == nil {
		return images.Config{}, local + ", and no registry was asked"
	}
	config, why := l.askRegistry(ctx, q.Image)
	if why != "" {
		return config, local + ", and " + why
	}
	return config, ""
}
