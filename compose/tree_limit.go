package compose

import (
	"fmt"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
)

// The limits of an application. That of ports is above what a media server opens for RTP.
const (
	maxFiles = 1_000  // compose files that are included and extended
	maxPorts = 20_000 // with each port of a range
)

// budget is what the files of a tree have used up.
type budget struct{ files, nodes, ports int }

// parse parses the content of a file that belongs to an application. The error is a
// *document.LimitError where the files together are above a limit.
func (t *tree) parse(path string, content []byte) ([]*yaml.Node, error) {
	docs, err := document.Parse(t.show(path), content)
	if err != nil {
		return nil, err
	}
	if t.used.nodes += document.Size(docs); t.used.nodes > document.MaxNodes {
		return nil, &document.LimitError{Text: t.show(path) + ": with it, the compose files have more than 1,000,000 keys and values; split the application"}
	}
	return docs, nil
}

// countFile returns an error once more files were included and extended than may be.
func (t *tree) countFile(where string) error {
	if t.used.files++; t.used.files > maxFiles {
		return fmt.Errorf("%s: more than 1,000 compose files up to here; put them together into fewer", where)
	}
	return nil
}

// countPorts returns an error once the services of b have more ports than may be.
// compose-go makes one entry of each port in a range.
func (t *tree) countPorts(b *branch) error {
	for _, doc := range b.docs() {
		services := t.child(b, doc, "services")
		for _, name := range t.keys(services) {
			ports := t.child(b, t.child(b, services.node, name).node, "ports")
			for _, entry := range document.Sequence(ports.node) {
				if t.used.ports += t.portsIn(b, entry); t.used.ports > maxPorts {
					return fmt.Errorf("%s:%d: services.%s.ports: more than 20,000 ports up to here; publish fewer, or use network_mode: host", t.show(b.path), entry.Line, name)
				}
			}
		}
	}
	return nil
}

// portsIn returns how many ports an entry of ports: stands for.
func (t *tree) portsIn(b *branch, entry *yaml.Node) int {
	texts := t.texts(b, document.Follow(entry))
	if len(texts) != 1 {
		return 1
	}
	text, _, _ := strings.Cut(texts[0], "/")
	first, last, ok := strings.Cut(text[strings.LastIndexByte(text, ':')+1:], "-")
	from, fromErr := strconv.Atoi(first)
	to, toErr := strconv.Atoi(last)
	if !ok || fromErr != nil || toErr != nil {
		return 1
	}
	return max(1, to-from+1)
}
