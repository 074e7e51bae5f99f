package verdict

import (
	"strings"
	"testing"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform"
)

// The last part of a key must tell what it holds, and the others must not.
func TestJudgeKey(t *testing.T) {
	for row, want := range map[string]transform.Verdict{
		"app.api_token=tk_Kd83xQ2m": transform.Secret, "splunk-token=Kd83xQ2m": transform.Secret, "app.db.password=x": transform.Secret, "smtp.password.value=x": transform.Secret, "com.example/secret-key=x": transform.Secret, "awslogs.token=Kd83xQ2m": transform.Secret,
		"traefik.http.middlewares.x.basicauth.users=admin:$$apr1$$H6uskkkW$$IgXLP6ewTrSuBkTrqE8wj/": transform.Secret, "o=username=a,password=Kd83xQ2m": transform.Secret, "gelf-address=udp://u:Kd83xQ2m@h:12201": transform.Secret, "fluentd-address=tcp://h:24224": transform.Plain,
		"traefik.http.routers.password-app.rule=Host(`a.example.com`)": transform.Plain, "traefik.http.services.secret.loadbalancer.server.port=80": transform.Plain, "traefik.http.routers.token.entrypoints=web": transform.Plain, "traefik.http.routers.x.tls.certresolver=le": transform.Plain,
		"com.example.password-manager.enabled=true": transform.Plain, "com.example.secret.description=holds secrets": transform.Plain, "org.opencontainers.image.revision=9f8a7d6b5c4e3f2a1b0c9d8e7f6a5b4c9f8a7d6b": transform.Plain, "net.core.somaxconn=1024": transform.Plain, "max-size=10m": transform.Plain,
		"homepage.widget.key=Kd83xQ2mVt9zLp4w": transform.Secret, "homepage.widget.url=http://h": transform.Plain, "": transform.Plain, "...": transform.Plain,
	} {
		name, value, _ := strings.Cut(row, "=")
		if got := (Policy{}).JudgeKey(Candidate{Name: name, Value: secret.NewValue(value)}); got.Verdict != want {
			t.Errorf("%s: got %v", row, got)
		}
	}
	p := Policy{Plain: []string{"app.*"}}
	if got := p.JudgeKey(Candidate{Name: "app.api_token", Value: secret.NewValue("x")}); got.Rule != transform.RuleUserPlain {
		t.Errorf("the whole key is not compared with the globs: %v", got)
	}
}
