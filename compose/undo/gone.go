package undo

// Gone are the parts of a compose file that no stack file has: nothing tells whether the
// application had them. docs/compose-keys.md says what migrate makes of each.
//
//nolint:gochecknoglobals // a table, never written
var Gone = []string{"build", "depends_on", "profiles", "expose", "container_name", "privileged", "the address in ports"}
