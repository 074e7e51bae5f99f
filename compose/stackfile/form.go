package stackfile

import (
	"strconv"

	"go.yaml.in/yaml/v4"
)

// isFileMode reports whether path is the mode of a file in a service.
func isFileMode(path []string) bool {
	return len(path) == 5 && isFile(path[:4]) && path[4] == "mode"
}

// fileOrder is the order of the keys of a file in a service.
var fileOrder = []string{"source", "target", "uid", "gid", "mode"} //nolint:gochecknoglobals // a table, never written

// isFile reports whether path is a file in a service, in the long form.
func isFile(path []string) bool {
	return len(path) == 4 && path[0] == servicesKey && (path[2] == "secrets" || path[2] == "configs")
}

// octal writes a number as people write modes. All YAML parsers in use read 0555 as 365,
// and a text in its place is refused by docker stack deploy.
func octal(node *yaml.Node) {
	mode, err := strconv.ParseUint(node.Value, 10, 32)
	if err == nil && node.Tag == "!!int" {
		node.Value = "0" + strconv.FormatUint(mode, 8)
	}
}

// fromColumns is how long a list of references on one line is at most.
const fromColumns = 100

// isShortFrom reports whether path is an x-from: whose references fit on one line.
func isShortFrom(path []string, list *yaml.Node) bool {
	if len(path) == 0 || path[len(path)-1] != "x-from" {
		return false
	}
	columns := len("    x-from: []")
	for _, item := range list.Content {
		columns += len(item.Value) + len(", ")
	}
	return columns <= fromColumns
}
