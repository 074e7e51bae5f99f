// Package check answers the checklist of the guide: are the secrets of this application
// kept as they should be? Its rules are rows of a table. Each looks at Facts, which
// others have gathered, and returns Findings, which say where something is, why it
// matters and the command that mends it.
//
// It is pure: it reads no file, asks nobody, and knows no clock. Facts hold names and
// places and never a value, so no report can show one.
package check
