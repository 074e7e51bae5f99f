// Package scalar judges the texts of a Compose model or a stack file: which of them
// show a credential, by the key that they have or by their shape.
//
// It takes parsed documents and knows neither files nor where a text came from. A
// Place holds its text as a secret.Value.
package scalar
