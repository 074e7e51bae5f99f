package transform

import (
	"path"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/transform/shell"
)

// showsShell tells whether a service, as the compose file has it, would not work today
// without a shell in its image: its entrypoint, its command or its healthcheck starts one,
// or a file that is called a script.
func showsShell(service map[string]any) bool {
	entrypoint, _ := shell.Words(service["entrypoint"])
	command, _ := shell.Words(service["command"])
	test := testOf(asMap(service["healthcheck"])["test"])
	return slices.ContainsFunc([][]string{entrypoint, command, test}, startsShell) || len(test) > 1 && test[0] == "CMD-SHELL"
}

// startsShell tells whether one of words is a shell, or a file that is called a script.
func startsShell(words []string) bool {
	return slices.ContainsFunc(words, func(word string) bool {
		return !strings.ContainsAny(word, " \t\n") && (shell.IsShell(word) || path.Ext(word) == ".sh")
	})
}

// shellsOf returns the images that have a shell because a service of model shows it. What
// one service shows of an image holds for all that run it.
func shellsOf(services map[string]any) map[string]bool {
	shown := map[string]bool{}
	for _, value := range services {
		service := asMap(value)
		if image, _ := service["image"].(string); image != "" && showsShell(service) {
			shown[image] = true
		}
	}
	return shown
}
