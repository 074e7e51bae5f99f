package lower

import (
	"errors"
	"strconv"
	"strings"
)

// condition returns the condition of a restart policy in the Engine's words. Compose
// passes on others.
func condition(value any) (any, error) {
	switch value {
	case "any", "always", "unless-stopped":
		return "any", nil
	case "on-failure":
		return "on-failure", nil
	case "none", "no", false:
		return "none", nil
	}
	return nil, errors.New("not one of none, on-failure, any")
}

// setRestart writes how a service is restarted. The Swarm's own default is to restart
// forever, also with restart: no.
func (l *lowering) setRestart() {
	waited := l.waitedFor()
	for _, svc := range l.sorted() {
		at := svc.at().key("restart")
		restart, written := svc.in["restart"].(string)
		switch {
		case svc.get("deploy.restart_policy") != nil:
			if written {
				l.note(at, "said-twice", "dropped: deploy.restart_policy already sets it")
			}
		case written && restart != "":
			l.restart(svc, at, restart)
		case waited[svc.name]:
			svc.set("deploy.restart_policy", map[string]any{"condition": "none"})
			l.note(at, "one-shot", "others wait until it has finished, so it is not restarted")
		case !svc.isJob():
			l.note(at, "restart-default", "without restart, Swarm restarts the service whenever it exits; set restart: \"no\" if it should exit")
		}
	}
}

func (s *service) isJob() bool {
	mode, _ := s.get("deploy.mode").(string)
	return strings.HasSuffix(mode, "-job")
}

// waitedFor returns the services that another one waits for to finish.
func (l *lowering) waitedFor() map[string]bool {
	waited := map[string]bool{}
	for _, svc := range l.services {
		on, _ := svc.in["depends_on"].(map[string]any)
		for name, entry := range on {
			dependency, _ := entry.(map[string]any)
			if dependency["condition"] == "service_completed_successfully" {
				waited[name] = true
			}
		}
	}
	return waited
}

func (l *lowering) restart(svc *service, at place, restart string) {
	word, attempts, limited := strings.Cut(restart, ":")
	cond, err := condition(word)
	if err != nil || word == "any" || word == "none" || limited && cond != "on-failure" {
		l.refuse(at, "not one of no, always, unless-stopped, on-failure, on-failure:N")
		return
	}
	policy := map[string]any{"condition": cond}
	if limited {
		n, err := strconv.Atoi(attempts)
		if err != nil || n < 0 {
			l.refuse(at, "not a number of attempts after on-failure:")
			return
		}
		policy["max_attempts"] = n
	}
	svc.set("deploy.restart_policy", policy)
	l.note(at, "restart-policy", "now deploy.restart_policy, condition "+policy["condition"].(string)) //nolint:forcetypeassert // condition returns strings
}

// setModes removes the keys that a mode of deployment excludes: with them the Engine or
// the CLI refuses the service.
func (l *lowering) setModes() {
	for _, svc := range l.sorted() {
		deploy, _ := svc.out["deploy"].(map[string]any)
		at := svc.at().key("deploy")
		mode, _ := deploy["mode"].(string)
		if strings.HasPrefix(mode, "global") {
			if without(deploy, "replicas") {
				l.note(at.key("replicas"), "dropped-replicas", "dropped: a global service has one task a node")
			}
		}
		if svc.isJob() {
			l.setJob(svc, deploy, at)
		}
		if deploy["endpoint_mode"] == "dnsrr" {
			l.publishOnHost(svc)
		}
		if len(deploy) == 0 {
			delete(svc.out, "deploy")
		}
	}
}

// setJob takes out how a job would be updated.
func (l *lowering) setJob(svc *service, deploy map[string]any, at place) {
	if without(deploy, "update_config") {
		l.note(at.key("update_config"), "dropped-update-config", "dropped: jobs are not updated")
	}
	if without(deploy, "rollback_config") {
		l.note(at.key("rollback_config"), "dropped-rollback-config", "dropped: jobs are not rolled back")
	}
	l.restartJob(svc, at)
}

// restartJob keeps a job from being started again after it has done its work.
func (l *lowering) restartJob(svc *service, at place) {
	policy, _ := svc.get("deploy.restart_policy").(map[string]any)
	if policy["condition"] == "any" {
		policy["condition"] = "on-failure"
		l.note(at.key("restart_policy").key("condition"), "job-restart", "now on-failure: a job that has finished is not started again")
	}
}

// without removes key from deploy, and reports whether it was there.
func without(deploy map[string]any, key string) bool {
	_, ok := deploy[key]
	delete(deploy, key)
	return ok
}

func (l *lowering) publishOnHost(svc *service) {
	for i, p := range svc.ports {
		if p.mode != "host" {
			svc.ports[i].mode = "host"
			l.note(p.at, "host-port", "published in host mode, on the nodes that run the service: with endpoint_mode dnsrr Swarm has no other")
		}
	}
}
