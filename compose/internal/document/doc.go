// Package document reads YAML documents and finds nodes in them. Its errors name file
// and line and quote nothing, because what they would quote may be a secret.
//
// It does not know what the documents mean.
package document
