package storetest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"sync"
	"testing"
	"time"
)

// discard drops what servers log about clients that disconnect.
var discard = log.New(io.Discard, "", 0) //nolint:gochecknoglobals,forbidigo // never written; servers need a logger

// authority is a certificate authority for one test. It makes the certificate of a host
// when a client asks for that host.
type authority struct {
	certificate  *x509.Certificate
	key          *ecdsa.PrivateKey
	mu           sync.Mutex
	certificates map[string]*tls.Certificate
}

// newAuthority makes a key and a certificate of its own.
func newAuthority(tb testing.TB) *authority {
	tb.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	template := certificate("storetest, an authority that nobody trusts")
	template.IsCA, template.BasicConstraintsValid, template.KeyUsage = true, true, x509.KeyUsageCertSign
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		tb.Fatal(err)
	}
	self, err := x509.ParseCertificate(der)
	if err != nil {
		tb.Fatal(err)
	}
	return &authority{certificate: self, key: key, certificates: map[string]*tls.Certificate{}}
}

// certificate returns what all certificates have in common: valid since an hour ago, for a
// day.
func certificate(name string) *x509.Certificate {
	serial, _ := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120)) // rand.Reader never fails
	return &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
	}
}

// PEM returns the authority's own certificate.
func (a *authority) PEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.certificate.Raw})
}

// clientConfig trusts the authority, and no other.
func (a *authority) clientConfig() *tls.Config {
	pool := x509.NewCertPool()
	pool.AddCert(a.certificate)
	return &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
}

// serverConfig has the certificate of every host that clients ask for.
func (a *authority) serverConfig() *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS12,
		GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
			return a.of(hello.ServerName)
		},
	}
}

// of returns the certificate of host.
func (a *authority) of(host string) (*tls.Certificate, error) {
	if host == "" {
		return nil, errNoName
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if known, found := a.certificates[host]; found {
		return known, nil
	}
	template := certificate(host)
	template.DNSNames, template.ExtKeyUsage = []string{host}, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, a.key.Public(), a.key)
	if err != nil {
		return nil, err
	}
	a.certificates[host] = &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: a.key}
	return a.certificates[host], nil
}
