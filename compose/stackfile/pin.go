package stackfile

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/compose/internal/editor"
)

// Pin says which object of the Swarm a secret or config of a stack file is.
type Pin struct {
	Block  string // secrets or configs
	Key    string // in that block
	Object string // what the Swarm calls it
}

// String returns the pin as one line of advice: secrets.db_password.name: db_password_v2.
func (p Pin) String() string { return fmt.Sprintf("%s.%s.name: %s", p.Block, p.Key, p.Object) }

// Pinned returns content, the bytes of a stack file, with the pins set: the one
// name: line of each is edited or added, everything else stays byte for byte. When a
// pin cannot be set that way, content is returned as it was, and the error says for
// each such pin what to write by hand.
func Pinned(content []byte, pins []Pin) ([]byte, error) {
	edited := content
	var faults []error
	for _, pin := range pins {
		next, err := editor.Set(edited, []string{pin.Block, pin.Key}, "name", pin.Object)
		if err != nil {
			faults = append(faults, fmt.Errorf("%s.%s: %w; write it by hand (name: %s), or deploy with --no-pin", pin.Block, pin.Key, err, pin.Object))
			continue
		}
		edited = next
	}
	if len(faults) > 0 {
		return content, errors.Join(faults...)
	}
	return edited, nil
}

// PinLayer returns a stack file that only sets pins, for docker stack deploy to merge
// last. Its version: must be that of the other files, "" for none: the docker CLI merges
// no others.
func PinLayer(version string, pins []Pin) []byte {
	var b bytes.Buffer
	if version != "" {
		fmt.Fprintf(&b, "version: %q\n", version)
	}
	pins = slices.Clone(pins)
	slices.SortFunc(pins, func(a, b Pin) int {
		return cmp.Or(-strings.Compare(a.Block, b.Block), strings.Compare(a.Key, b.Key))
	})
	block := ""
	for _, pin := range pins {
		if pin.Block != block {
			block = pin.Block
			fmt.Fprintf(&b, "%s:\n", block)
		}
		fmt.Fprintf(&b, "  %q: {external: true, name: %q}\n", pin.Key, pin.Object)
	}
	return b.Bytes()
}
