package image

import (
	"context"
	"fmt"
	"net/http"
	"slices"
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
	Engine       Engine                   // nil: no Engine is asked
	Keychain     authn.Keychain           // the user's credentials; nil: no registry is asked
	Known        map[string]images.Config // what is known already, by any name of the image; not asked again
	Mirrors      []string                 // URLs of Docker Hub's mirrors, as the Engine has them; asked first
	Certificates string                   // the folder of CAs by registry, such as /etc/docker/certs.d; "" for none
	Cache        string                   // the folder of what registries said before, from CacheDir; "" for none
	Refresh      bool                     // the cache is written, and not read
	Transport    http.RoundTripper        // to registries; nil for go-containerregistry's own
	Timeout      time.Duration            // 0 for DefaultTimeout
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

// Ask asks about all images at once, and about each of them once, however many names
// it goes by: what is known of one is known of all. A registry is asked if any of the
// questions about an image allows it. Ask returns within Timeout for every atOnce images
// whatever the Engine, a registry or a credential helper do. No answer is not an error.
func (l Lookup) Ask(ctx context.Context, questions []Question) Answers {
	s := &session{Lookup: l, credentials: map[string]func() (authn.Authenticator, error){}}
	known := map[string]images.Config{}
	for name, config := range l.Known {
		known[Name(name)] = config
	}
	answers := Answers{Configs: map[string]images.Config{}, NotKnown: map[string]string{}}
	var mu sync.Mutex
	var group sync.WaitGroup
	slots := make(chan struct{}, atOnce)
	for name, asked := range grouped(questions) {
		group.Go(func() {
			config, ok := known[name]
			why := ""
			if !ok {
				slots <- struct{}{}
				config, why = s.ask(ctx, asked.question)
				<-slots
			}
			mu.Lock()
			defer mu.Unlock()
			for _, spelling := range asked.spellings {
				if why != "" {
					answers.NotKnown[spelling] = why
				} else {
					answers.Configs[spelling] = config
				}
			}
		})
	}
	group.Wait()
	return answers
}

// sameImage are the questions about one image.
type sameImage struct {
	question  Question
	spellings []string // sorted
}

// grouped are questions by the image that they are about.
func grouped(questions []Question) map[string]sameImage {
	all := map[string]sameImage{}
	sorted := slices.SortedFunc(slices.Values(questions), func(a, b Question) int { return compareNames(a.Image, b.Image) })
	for _, q := range sorted {
		same, found := all[Name(q.Image)]
		if !found {
			same.question = q
		}
		same.question.LocalOnly = same.question.LocalOnly && q.LocalOnly
		same.spellings = append(same.spellings, q.Image)
		all[Name(q.Image)] = same
	}
	return all
}

// ask asks about one image and gives up when the time is over, even if somebody on the
// way does not listen to the context.
func (s *session) ask(ctx context.Context, q Question) (images.Config, string) {
	timeout := s.Timeout
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
		config, why := s.sources(ctx, q)
		answered <- answer{config, why}
	}()
	select {
	case a := <-answered:
		return a.config, a.why
	case <-ctx.Done():
		return images.Config{}, fmt.Sprintf("no answer within %s", timeout)
	}
}

// sources asks the Engine, then the registry.
func (s *session) sources(ctx context.Context, q Question) (images.Config, string) {
	if s.Engine == nil && s.Keychain == nil {
		return images.Config{}, "neither the Engine nor a registry was asked"
	}
	local := "the Engine was not asked"
	if s.Engine != nil {
		found, why := askEngine(ctx, s.Engine, q.Image)
		if why == "" {
			return found.config(q.Image)
		}
		local = why
	}
	if q.LocalOnly || s.Keychain == nil {
		return images.Config{}, local + ", and no registry was asked"
	}
	found, why := s.askRegistry(ctx, q.Image)
	if why == "" {
		config, unfit := found.config(q.Image)
		if unfit == "" {
			return config, ""
		}
		why = unfit
	}
	return images.Config{}, local + ", and " + why
}
