package plugin

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/image"
	"github.com/docker-secrets/docker-secrets/transform"
	"github.com/docker-secrets/docker-secrets/transform/images"
	"github.com/docker-secrets/docker-secrets/transform/shell"
)

// unreadReport is a service that will start without some of its secrets.
type unreadReport struct {
	Service   string   `json:"service"`
	Variables []string `json:"variables"`
	Cause     string   `json:"cause"`
	Fix       string   `json:"fix"`
}

func newUnreadReport(u transform.Unread) unreadReport {
	return unreadReport{Service: u.Service, Variables: u.Variables, Cause: u.Why(), Fix: u.FixFor()}
}

// recordUnread names in stack the services that start without some of their secrets,
// under the names that they have there.
func recordUnread(stack map[string]any, unread []transform.Unread) {
	entries := make([]stackfile.Unread, len(unread))
	for i, u := range unread {
		entries[i] = stackfile.Unread{Service: nameInStack(stack, u.Service), Variables: u.Variables, Cause: u.Cause}
	}
	if block := stackfile.UnreadBlock(entries); block != nil {
		stack[stackfile.UnreadKey] = block
	}
}

// nameInStack is the name of a service in a lowered model: one that Swarm refuses is an
// alias of its new name.
func nameInStack(stack map[string]any, service string) string {
	services, _ := stack["services"].(map[string]any)
	if _, same := services[service]; same {
		return service
	}
	for _, name := range slices.Sorted(maps.Keys(services)) {
		spec, _ := services[name].(map[string]any)
		networks, _ := spec["networks"].(map[string]any)
		for _, options := range networks {
			network, _ := options.(map[string]any)
			if aliases, _ := network["aliases"].([]any); slices.Contains(aliases, any(service)) {
				return name
			}
		}
	}
	return service
}

// checkUnread refuses the services of file that would start without their secrets, and
// says of which the Engine knows the image by now.
func checkUnread(ctx context.Context, engine image.Engine, file stackfile.Stack) error {
	var ask []image.Question
	for _, u := range file.Unread {
		if u.Image != "" {
			ask = append(ask, image.Question{Image: u.Image, LocalOnly: true})
		}
	}
	known := image.Lookup{Engine: engine}.Ask(ctx, ask).Configs
	var faults []error
	for _, u := range file.Unread {
		again := migrateAgain(u.File)
		fix := again("--explain "+u.Service) + " says what to do; or allow it with --allow-unread"
		if known[u.Image].HasShell == images.Yes {
			fix = "this Engine knows what " + u.Image + " starts: run " + again("--refresh") + ", and deploy again"
		}
		faults = append(faults, fmt.Errorf("%s:%d: %s would start without %s: %s; %s", u.File, u.Line, u.Service, strings.Join(u.Variables, ", "), u.Cause, fix))
	}
	return errors.Join(faults...)
}

// migrateAgain returns the commands that make the stack file at path again, with more
// flags: x-migrate has the others.
func migrateAgain(path string) func(flags string) string {
	folder, name := filepath.Split(path)
	return func(flags string) string {
		command := "docker secrets migrate"
		if folder = filepath.Clean(folder); path != "-" && folder != "." {
			command = "cd " + shell.Quote([]string{folder}, nil) + " && " + command
		}
		if path != "-" && name != defaultOutput {
			command += " -o " + shell.Quote([]string{name}, nil)
		}
		return command + " " + flags
	}
}
