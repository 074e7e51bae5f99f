package plugin

import (
	"strings"
	"testing"

	"github.com/docker-secrets/docker-secrets/transform"
)

// --explain must say how the service's variables are read, and refuse a service
// that is not there.
func TestExplainSaysHowServiceReads(t *testing.T) {
	made := &migration{codebase: func(string) transform.Codebase { return transform.Codebase{} }}
	made.decisions.Variables = []transform.Decision{{Service: "api", Name: "API_KEY"}, {Service: "web", Name: "PORT"}}
	made.rewritten.Delivered = []transform.Delivered{{Service: "api", Variable: "API_KEY", Delivery: transform.DeliverFile, Target: "api_key"}}
	for service, want := range map[string]string{
		"api": "API_KEY: the application reads /run/secrets/api_key\n",
		"web": "web reads no secrets from its variables.\n",
	} {
		var b strings.Builder
		if err := explain(&b, service, made); err != nil || !strings.HasPrefix(b.String(), want) {
			t.Errorf("%s: %v\n%s", service, err, b.String())
		}
	}
	if err := explain(&strings.Builder{}, "nix", made); err == nil {
		t.Error("a service that is not there is explained")
	}
}

// --deliver must read a kind for all and for one service, and nothing else.
func TestDeliverReadsKinds(t *testing.T) {
	got, fault := deliveries([]string{"env", "api=file"})
	if fault != "" || got[""] != transform.DeliverEnv || got["api"] != transform.DeliverFile {
		t.Errorf("%v %s", got, fault)
	}
	for _, text := range []string{"", "x", "api=", "api=inline"} {
		if _, fault := deliveries([]string{text}); fault == "" {
			t.Errorf("%q is taken", text)
		}
	}
}
