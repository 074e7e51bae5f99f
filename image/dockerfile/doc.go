// Package dockerfile reads what a Dockerfile says about the way its image runs: the
// image that it is built on, its entrypoint, command, shell, user, healthcheck and the
// variables that it sets. It reads as BuildKit does, with BuildKit's own parser.
//
// It builds nothing, runs nothing and asks nobody: what the base image says is the
// caller's to find out (package image), and On puts the two together. What depends on
// something that is not in the file, such as an ARG without a value, is reported as not
// known and never guessed.
package dockerfile
