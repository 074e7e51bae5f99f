// Package prove asks the stack file that is about to be written whether it keeps its
// promise. It takes the bytes of that file and what they were made for, never the
// steps that made them: a case that no stage foresaw ends here.
//
// Bytes asks whether each variable of each service gets what Compose would have given
// it: every x-from is resolved again and every x-template rendered, in memory.
//
// The package knows the ways in which a service reads a secret (the table of images,
// the shim, /run/secrets), how the docker CLI fills in ${NAME} and how the Engine fills
// in a template. It knows values, to compare them, and names none in a Fault. It does
// not know where values are kept (Sources is handed in), the Engine or the command
// line, and it asks no secret manager.
package prove
