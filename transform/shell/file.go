package shell

// File is where a script finds a secret.
type File struct {
	Path string
	// Held is the shell's own variable that Hold fills, "" for none. A text with line
	// ends at its end needs one, for $( ) drops them.
	Held string
}

// Read is the expansion that gives the text of the file. It is one text only between
// double quotes.
func (f File) Read() string {
	if f.Held != "" {
		return "${" + f.Held + "%.}"
	}
	return "$(cat " + f.Path + ")"
}

// Hold is the command that fills f.Held, with a dot behind the text, which keeps the
// line ends before it.
func (f File) Hold() string { return f.Held + `="$(cat ` + f.Path + `; echo .)"` }
