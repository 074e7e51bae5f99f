package undo

import (
	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
)

// restart makes restart: of a restart policy that says nothing which restart: cannot.
func (s *service) restart() {
	deploy := document.Entry(s.node, "deploy")
	policy := document.Entry(deploy, "restart_policy")
	if policy == nil || document.Entry(s.node, "restart") != nil {
		return
	}
	word := map[string]string{"any": "always", "on-failure": "on-failure", "none": "no"}[plain(document.Entry(policy, "condition"))]
	attempts := plain(document.Entry(policy, "max_attempts"))
	known := 1
	if attempts != "" && word == "on-failure" {
		known++
		word += ":" + attempts
	}
	if word == "" || len(policy.Content) != 2*known {
		return // Compose reads it as it is
	}
	written := scalar(word)
	if word == "no" {
		written.Style = yaml.DoubleQuotedStyle // older readers take it for false
	}
	set(s.node, "restart", written)
	if remove(deploy, "restart_policy"); len(deploy.Content) == 0 {
		remove(s.node, "deploy")
	}
}

// hostNetwork makes network_mode: of the network host, which no container of Compose
// can join.
func (s *service) hostNetwork() {
	var joined []string
	networks := document.Entry(s.node, "networks")
	joined = append(joined, wordsOf(networks)...)
	document.Each(networks, func(key, _ *yaml.Node) { joined = append(joined, key.Value) })
	if len(joined) != 1 {
		return
	}
	network := document.Entry(document.Entry(s.u.root, "networks"), joined[0])
	external := document.Entry(network, "external")
	if external == nil || plain(external) == "false" || plain(document.Entry(network, "name")) != "host" {
		return
	}
	remove(s.node, "networks")
	set(s.node, "network_mode", scalar("host"))
}
