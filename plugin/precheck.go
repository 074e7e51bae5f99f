package plugin

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/swarm"
)

// precheck reports, before anything is done, what docker stack deploy, the Swarm or a task
// would refuse when the deploy is half done. All faults are joined.
func (d *deployment) precheck(ctx context.Context, file stackfile.Stack, seen swarm.State) error {
	faults := nameFaults(d.stack, file)
	for _, service := range file.Services {
		faults = append(faults, targetFaults(service)...)
		faults = append(faults, undeclared(service, file)...)
	}
	faults = append(faults, localFaults(file, d.options.workingDir)...)
	ports, twice := publishedPorts(file)
	faults = append(faults, twice...)
	faults = append(faults, seen.PortsTaken(ports, file.ServiceNames(), d.options.prune)...)
	missing, err := d.missingNetworks(ctx, file)
	return errors.Join(append(append(faults, missing...), err)...)
}

// nameFaults reports names of services and networks that the Swarm refuses, which begin
// with the stack's.
func nameFaults(stack string, file stackfile.Stack) (faults []error) {
	if err := secret.CheckServiceName(stack); err != nil {
		return []error{fmt.Errorf("stack %w", err)}
	}
	names := map[string]string{}
	for _, service := range file.Services {
		names[stack+"_"+service.Name] = "service"
		if service.Networks == nil {
			names[stack+"_default"] = "network"
		}
	}
	for _, network := range file.Networks {
		if !network.External {
			names[cmp.Or(network.Object, stack+"_"+network.Name)] = "network"
		}
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if err := secret.CheckServiceName(name); err != nil {
			faults = append(faults, fmt.Errorf("%s %w", names[name], err))
		}
	}
	return faults
}

// targetFaults reports files that are mounted over each other, and those outside of
// where the target says.
func targetFaults(service stackfile.Deployed) (faults []error) {
	at := map[string]string{} // what is mounted, by path
	for _, block := range []struct {
		word, root string
		mounts     []stackfile.Mount
	}{{"secret", "/run/secrets", service.Secrets}, {"config", "/", service.Configs}} {
		for _, mount := range block.mounts {
			what := block.word + " " + mount.Name
			if slices.Contains(strings.Split(mount.Target, "/"), "..") {
				faults = append(faults, fmt.Errorf("%s:%d: service %s: %s: the target %s leaves its folder with ..; remove the .. from it", service.File, service.Line, service.Name, what, mount.Target))
				continue
			}
			target := path.Clean(mount.Target)
			if !path.IsAbs(target) {
				target = path.Join(block.root, target)
			}
			if other, taken := at[target]; taken && other != what {
				faults = append(faults, fmt.Errorf("%s:%d: service %s: %s and %s have the same target, %s; change one of them", service.File, service.Line, service.Name, other, what, target))
			}
			at[target] = what
		}
	}
	return faults
}

// elsewhere returns a line for each secret that a service has outside of /run/secrets,
// where people look for it.
func elsewhere(file stackfile.Stack) (lines []string) {
	for _, service := range file.Services {
		for _, mount := range service.Secrets {
			if path.IsAbs(mount.Target) && !strings.HasPrefix(path.Clean(mount.Target), "/run/secrets/") {
				lines = append(lines, fmt.Sprintf("service %s has the secret %s at %s", service.Name, mount.Name, mount.Target))
			}
		}
	}
	return lines
}

// undeclared reports what the service refers to and no stack file declares.
func undeclared(service stackfile.Deployed, file stackfile.Stack) (faults []error) {
	fault := func(kind, name string) {
		faults = append(faults, fmt.Errorf("%s:%d: service %s: no stack file declares the %s %s; add it to %ss", service.File, service.Line, service.Name, kind, name, kind))
	}
	for _, mount := range service.Secrets {
		if !file.Declares(false, mount.Name) {
			fault("secret", mount.Name)
		}
	}
	for _, mount := range service.Configs {
		if !file.Declares(true, mount.Name) {
			fault("config", mount.Name)
		}
	}
	for _, name := range service.Networks {
		declared := slices.ContainsFunc(file.Networks, func(n stackfile.Network) bool { return n.Name == name })
		if !declared && name != "default" {
			fault("network", name)
		}
	}
	return faults
}

// localFaults reports files that the docker CLI is to make secrets and configs of and cannot.
func localFaults(file stackfile.Stack, workingDir string) (faults []error) {
	for _, local := range file.Local {
		shown := local.Path
		if !filepath.IsAbs(local.Path) {
			folder := workingDir
			if first := file.Files[0]; first != "-" {
				folder = filepath.Dir(first)
			}
			local.Path = filepath.Join(folder, local.Path)
		}
		kind, limit := "secret", int64(secret.MaxSize)
		if local.Config {
			kind, limit = "config", secret.MaxConfigSize
		}
		info, err := os.Stat(local.Path)
		switch {
		case err != nil:
			faults = append(faults, fmt.Errorf("%s: %s %s: %s cannot be read: %s", local.File, kind, local.Name, shown, reason(err)))
		case info.Size() > limit || info.Size() == 0:
			faults = append(faults, fmt.Errorf("%s: %s %s: %s has %d bytes, Swarm takes 1 to %d for a %s", local.File, kind, local.Name, shown, info.Size(), limit, kind))
		}
	}
	return faults
}

// publishedPorts returns the ports of all services, and a fault for each that two of them
// publish.
func publishedPorts(file stackfile.Stack) (ports []swarm.Published, faults []error) {
	by := map[stackfile.Port]string{}
	for _, service := range file.Services {
		for _, port := range service.Ports {
			ports = append(ports, swarm.Published{Service: service.Name, Number: port.Number, Protocol: port.Protocol, Host: port.Host})
			if other, taken := by[port]; taken && !port.Host {
				faults = append(faults, fmt.Errorf("services %s and %s publish the same port, %d/%s; change one of them", other, service.Name, port.Number, port.Protocol))
			}
			by[port] = service.Name
		}
	}
	return ports, faults
}

// missingNetworks reports external networks that the Swarm does not have.
func (d *deployment) missingNetworks(ctx context.Context, file stackfile.Stack) (faults []error, err error) {
	var names []string
	for _, network := range file.Networks {
		if network.External && !strings.Contains(network.Object, "$") {
			names = append(names, cmp.Or(network.Object, network.Name))
		}
	}
	if len(names) == 0 {
		return nil, nil
	}
	missing, err := swarm.MissingNetworks(ctx, d.api, names)
	for _, name := range missing {
		faults = append(faults, fmt.Errorf("network %s: it is external, and the swarm has no such network; make it with docker network create --driver overlay --attachable %s", name, name))
	}
	return faults, err
}
