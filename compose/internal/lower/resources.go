package lower

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"strings"
)

// positive returns a limit. Compose writes 0 and -1 for none.
func positive(value any) (any, error) {
	n, ok := whole(value)
	if !ok {
		return nil, errors.New("not a whole number")
	}
	return optional(n > 0, n), nil
}

// period is the time in which the kernel measures a quota, in microseconds.
const period = 100_000

func lowerQuota(l *lowering, at place, value any) (any, bool) {
	quota, ok := whole(value)
	per, perOK := period, true
	if p, written := at.svc.in["cpu_period"]; written {
		per, perOK = whole(p)
	}
	if !ok || !perOK {
		l.refuse(at, "cpu_quota and cpu_period are not numbers of microseconds")
		return nil, false
	}
	if quota <= 0 {
		return nil, false
	}
	if per <= 0 {
		per = period
	}
	return move("deploy.resources.limits.cpus", cpus)(l, at, float64(quota)/float64(per))
}

// machines has uname's word for each of Go's architectures: a node reports the former.
//
//nolint:gochecknoglobals // a table, never written
var machines = map[string]string{
	"amd64": "x86_64", "x86_64": "x86_64", "arm64": "aarch64", "arm64/v8": "aarch64", "aarch64": "aarch64",
	"arm": "armv7l", "arm/v7": "armv7l", "arm/v6": "armv6l",
	"ppc64le": "ppc64le", "s390x": "s390x", "riscv64": "riscv64", "loong64": "loongarch64", "mips64le": "mips64",
}

var osName = regexp.MustCompile(`^[a-z0-9]+$`)

func lowerPlatform(l *lowering, at place, value any) (any, bool) {
	platform, _ := value.(string)
	if platform == "" {
		return nil, false
	}
	os, arch, hasArch := strings.Cut(strings.ToLower(platform), "/")
	if _, alone := machines[os]; alone && !hasArch {
		os, arch, hasArch = "linux", os, true
	}
	if !osName.MatchString(os) {
		l.refuse(at, "not a platform; write one such as linux/amd64")
		return nil, false
	}
	constraints := []any{"node.platform.os == " + os}
	if machine, ok := machines[arch]; ok {
		constraints = append(constraints, "node.platform.arch == "+machine)
	} else if hasArch {
		l.lose(at, "no-equivalent", "nodes do not report this architecture; add a placement constraint on a label of the right nodes")
	}
	l.constrain(at, constraints)
	return nil, false
}

func (l *lowering) constrain(at place, constraints []any) {
	there, _ := at.svc.get("deploy.placement.constraints").([]any)
	all, err := texts(append(append([]any{}, there...), constraints...))
	if err != nil {
		return // texts of texts
	}
	if !at.svc.set("deploy.placement.constraints", all) {
		placement, _ := at.svc.get("deploy.placement").(map[string]any)
		placement["constraints"] = all
	}
	l.note(at, "platform", fmt.Sprintf("now deploy.placement.constraints: %v", constraints))
}

// assemble writes what the steps decided into the stack.
func (l *lowering) assemble() {
	for _, svc := range l.sorted() {
		svc.emitNetworks()
	}
	l.stack["version"] = l.version
	if _, named := l.stack["x-stack"]; !named && l.opts.Project != "" {
		l.stack["x-stack"] = l.opts.Project
	}
	maps.DeleteFunc(l.stack, func(_ string, v any) bool {
		m, ok := v.(map[string]any)
		return ok && len(m) == 0
	})
}
