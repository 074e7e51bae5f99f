// Package stamp remembers of which files a value was made that was found equal to an
// object elsewhere, so that nobody has to ask again while those files are as they were.
//
// It holds what the kernel says of files and the names of objects: no content of a file,
// and nothing that could be compared with one, such as a hash. It does not know what the
// values are for, nor how they are compared.
package stamp
