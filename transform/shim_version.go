package transform

import (
	"embed"
	"strings"
)

// ShimVersion is the version of the shim that Rewrite gives to services.
const ShimVersion = shimConfig + "_e5e9abe476a4"

// ShimVariable is the variable in which stack files of before December 2026 list what
// their shim reads: "NAME=FILE …".
const ShimVariable = "DOCKER_SECRETS_ENV"

// shims are all versions of the shim that a stack file may name, each in a file called
// like its config on the Swarm, after the first 12 digits of its SHA-256 sum. A version
// that was published stays as it is, forever.
//
//go:embed data/shim
var shims embed.FS

// ShimText returns the version of the shim that the Swarm has under that name. known is
// false if it is not one of this program's.
func ShimText(name string) (text string, known bool) {
	content, err := shims.ReadFile("data/shim/" + name + ".sh")
	return string(content), err == nil
}

// IsShim reports whether a version of the shim would have that name on the Swarm, also
// one that is not known here.
func IsShim(name string) bool {
	sum, found := strings.CutPrefix(name, shimConfig+"_")
	return found && len(sum) == 12 && strings.Trim(sum, "0123456789abcdef") == ""
}
