// Package stackfile reads and writes the stack file, docker-compose.prod.yml: the
// header that it is recognised by, the pins, the order and comments of the source,
// and what people may edit by hand.
//
// It does not know compose files: a Layout says what the source looked like. It knows no
// value, no Engine and no command line.
package stackfile
