// Package storetest has secret managers for tests, on loopback: fakes of AWS Secrets
// Manager, Google Cloud Secret Manager, Azure Key Vault and HashiCorp Vault, which are
// written from the documented wire formats and refuse what the real ones refuse, and a proxy
// that answers for their host names, so that an unmodified program and its SDKs reach the
// fakes. It also has the questions and comparisons that the tests of all stores share.
//
// Only tests may import it. It knows the interfaces of source/store, but no secret manager's
// package. All its values are invented.
package storetest
