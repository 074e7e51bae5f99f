package plugin

import (
	"errors"
	"fmt"
	"os"

	"github.com/docker-secrets/docker-secrets/compose/stackfile"
)

// read reads the stack files and decides the stack's name.
func (d *deployment) read() error {
	file, err := readStack(d.options.files)
	if err != nil {
		return err
	}
	d.file, d.stack = file, file.Name
	if d.options.stack != "" {
		d.stack = d.options.stack
	}
	if d.stack == "" {
		return errors.New("the stack has no name: the stack file has no x-stack; give one: docker secrets deploy STACK")
	}
	return d.checkInline()
}

// readStack reads the stack files.
func readStack(files []string) (stackfile.Stack, error) {
	if len(files) > 0 && files[0] == defaultOutput {
		if _, err := os.Stat(defaultOutput); err != nil {
			return stackfile.Stack{}, fmt.Errorf("%s: no stack file here; make it with docker secrets migrate, or name one with -c", defaultOutput)
		}
	}
	return stackfile.Read(files)
}
