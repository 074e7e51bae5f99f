// Package plugin is the commands: flags into an options struct, then one runX
// that calls the rooms in order. It alone prints, prompts and chooses exit codes.
//
// It does not know how anything is done: not how Compose files are read, not what
// a secret is, not what the Engine answers.
package plugin
