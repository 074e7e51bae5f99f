// Package images holds facts about images, as tables (data/): which variables an
// image reads from files, which of its variables are credentials, which only set up
// an empty data directory, and what its entrypoint is. Each fact has a source; a
// guess would leave a service without its password.
//
// It does not know applications, secrets or values, and asks neither an Engine nor a
// registry: package image does.
package images
