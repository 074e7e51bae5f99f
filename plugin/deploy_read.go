package plugin

import (
	"errors"
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
