package source

import (
	"regexp"
	"slices"
	"sync"

	"github.com/docker-secrets/docker-secrets/internal/regular"
	"github.com/docker-secrets/docker-secrets/secret"
)

// keyServer matches the address of a key server in the metadata of an encrypted file, as
// sops writes them into YAML, JSON, env files and INI: sops logs in there with the token of
// whoever runs it.
//
//nolint:gochecknoglobals // compiled on first use, never written
var keyServer = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)\b(?:\w*_)?vault_?(?:address|url)["']?\s*[:=]\s*["']?([^\s"',}]+)`)
})

// keyServers returns a mark for each key server that the encrypted file of ref names. Who
// changes the file may name their own.
func (j *Judge) keyServers(ref secret.Reference) []Mark {
	if ref.Scheme != secret.SchemeSOPS {
		return nil
	}
	content, err := regular.Read(j.Local.path(ref.Path))
	if err != nil {
		return nil // sops says so
	}
	var servers []string
	for _, match := range keyServer().FindAllSubmatch(content, -1) {
		servers = append(servers, string(match[1]))
	}
	slices.Sort(servers)
	var marks []Mark
	for _, server := range slices.Compact(servers) {
		marks = append(marks, Mark{"sops+" + server, "asks the key server " + server + ", which this stack has not used before"})
	}
	return marks
}
