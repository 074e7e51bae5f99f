// Package undo makes a compose file for development of a stack file: variables in place
// of secrets, as ${NAME}, and none of what only docker secrets or a Swarm needs.
//
// It knows the ways in which migrate delivers secrets, and takes them back. It does not
// know values: what ${NAME} has to hold is for whoever loads the file, and Result.Needs
// says so. It does not know the disk, the Engine or the command line. What a stack file
// does not tell (build:, depends_on:) cannot come back.
package undo
