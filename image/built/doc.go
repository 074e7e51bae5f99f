// Package built finds out how an image that is built from source runs, and whether its
// application reads secrets from files: from its Dockerfile and its build context, and
// from what is known of the image that it is FROM.
//
// It does not know compose files, and builds nothing.
package built
