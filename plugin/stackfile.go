package plugin

import (
	"errors"
	"fmt"
	"os"

	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/swarm"
)

// defaultOutput is the stack file's name, beside the first compose file.
const defaultOutput = "docker-compose.prod.yml"

// readStack reads the stack files.
func readStack(files []string) (stackfile.Stack, error) {
	if len(files) > 0 && files[0] == defaultOutput {
		if _, err := os.Stat(defaultOutput); err != nil {
			return stackfile.Stack{}, fmt.Errorf("%s: no stack file here; make it with docker secrets migrate, or name one with -c", defaultOutput)
		}
	}
	return stackfile.Read(files)
}

// fileAtHand reads the stack file of stack, or of any stack if that is "". The
// one of the default name counts only where it is that stack's; its faults are for
// deploy to report. No file is the zero Stack.
func fileAtHand(files []string, stack string) (stackfile.Stack, error) {
	if len(files) > 0 {
		file, err := stackfile.Read(files)
		if stack != "" {
			file.Name = stack
		}
		return file, err
	}
	if _, err := os.Stat(defaultOutput); err != nil {
		return stackfile.Stack{}, nil //nolint:nilerr // no file is fine
	}
	file, err := stackfile.Read([]string{defaultOutput})
	if errors.Is(err, stackfile.ErrNewer) && file.Name != "" && (stack == "" || file.Name == stack) {
		return file, err
	}
	if err != nil || file.Name == "" || stack != "" && file.Name != stack {
		return stackfile.Stack{}, nil //nolint:nilerr // not this command's business
	}
	return file, nil
}

// filePins returns what the stack file names, under the names that it has now.
func filePins(file stackfile.Stack) []swarm.Pin {
	var pins []swarm.Pin
	for _, object := range file.Objects {
		pin := swarm.Pin{Kind: swarm.Secret, Secret: object.Name, Object: object.Name}
		if object.Config {
			pin.Kind = swarm.Config
		}
		if object.Pin != "" {
			pin.Object = object.Pin
		}
		pins = append(pins, pin)
	}
	return pins
}
