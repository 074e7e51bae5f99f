// Package about says what the program is: its version, and the answer to docker, which
// starts every plugin to ask for it whenever somebody types docker help, or a command
// that docker does not have itself. It answers before the rest of the program is
// initialised, which would take six times as long. It does not know the commands.
//
// Go initialises packages in order of import path, each as soon as its own imports are
// (https://go.dev/ref/spec#Program_initialization). This one imports nothing but os, so
// its turn comes before that of every package which uses the network, templates or JSON.
// A test fails if it no longer does.
package about

import "os"

// Version is set by the linker: -X github.com/docker-secrets/docker-secrets/internal/about.Version=….
var Version = "dev" //nolint:gochecknoglobals // a linker can set nothing else

// Commit is what the program is built from, set by the linker as Version is; "" if nobody
// knows.
var Commit string //nolint:gochecknoglobals // a linker can set nothing else

// What docker shows of the plugin.
const (
	Schema = "0.1.0"
	Vendor = "docker-secrets"
	Short  = "Move Compose secrets into Swarm, deploy and rotate them"
	URL    = "https://github.com/docker-secrets/docker-secrets"
)

// question is the one argument with which docker asks a plugin what it is.
const question = "docker-cli-plugin-metadata"

func init() { //nolint:gochecknoinits // main begins when everything is initialised, which is too late
	if len(os.Args) != 2 || os.Args[1] != question || !plain(Version) {
		return
	}
	if _, err := os.Stdout.WriteString(Metadata()); err != nil { //nolint:forbidigo // there are no streams yet
		os.Exit(1) //nolint:forbidigo // main would exit so too
	}
	os.Exit(0) //nolint:forbidigo // this is all that was asked
}

// Metadata returns the JSON that docker/cli's plugin framework would print.
func Metadata() string {
	return "{\n" +
		`     "SchemaVersion": "` + Schema + "\",\n" +
		`     "Vendor": "` + Vendor + "\",\n" +
		`     "Version": "` + Version + "\",\n" +
		`     "ShortDescription": "` + Short + "\",\n" +
		`     "URL": "` + URL + "\"\n}\n"
}

// plain reports whether text is the same in JSON. A git tag may hold a quote; then the
// framework answers.
func plain(text string) bool {
	for _, c := range []byte(text) {
		if c < ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}
