// Package storetest gives tests secret managers on loopback: fakes written from the
// documented wire formats of AWS Secrets Manager, Google Cloud Secret Manager, Azure
// Key Vault and HashiCorp Vault, which refuse what the real ones refuse, and a proxy
// that stands for their real host names, so that an unmodified program and its SDKs
// reach the fakes.
//
// Only tests may import it. It knows nothing of this project's other packages, and
// holds no value that is not invented.
package storetest
