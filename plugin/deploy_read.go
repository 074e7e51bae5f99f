package plugin

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/docker-secrets/docker-secrets/compose"
)

// read reads the stack files and decides the stack's name.
func (d *deployment) read() error {
	for i, file := range d.options.files {
		if _, err := os.Stat(file); err == nil || i > 0 || file != defaultOutput {
			continue
		}
		if filepath.Base(file) == file {
			return fmt.Errorf("%s: no stack file here; make it with docker secrets migrate, or name one with -c", file)
		}
	}
	file, err := compose.ReadStack(d.options.files)
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
