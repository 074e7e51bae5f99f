// Package expression reads and evaluates ${NAME} as Compose does: defaults, required
// variables, alternatives, nested words.
//
// It does not know where variables come from, and its errors quote no value.
package expression
