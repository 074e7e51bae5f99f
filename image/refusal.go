package image

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"

	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
)

// What makes a registry's answer useless, as half a sentence.
var (
	errPlainHTTP   = errors.New("its registry uses plain HTTP, which is allowed on this machine only")
	errCredentials = errors.New("the credentials for its registry cannot be read (docker login)")
	errSchema1     = errors.New("its registry has it in the obsolete schema 1 format: push it again")
	errNoImage     = errors.New("its registry has no Linux image")
	errWindows     = errors.New("it is for Windows")
)

const noAnswer = "its registry did not answer"

// refusal says in few words why a registry gave nothing. The error itself may
// quote an answer at length.
func refusal(err error) string {
	for _, known := range []error{errCredentials, errSchema1, errNoImage, errWindows} {
		if errors.Is(err, known) {
			return known.Error()
		}
	}
	var unknown x509.UnknownAuthorityError
	var invalid *tls.CertificateVerificationError
	var refused *transport.Error
	switch {
	case errors.As(err, &unknown):
		return "the CA of its registry is not known here (/etc/docker/certs.d/HOST/ca.crt)"
	case errors.As(err, &invalid):
		return "the certificate of its registry is not valid"
	case errors.Is(err, errPlainHTTP):
		return errPlainHTTP.Error()
	case errors.As(err, &refused):
		return refusedWith(refused.StatusCode)
	}
	return noAnswer
}

func refusedWith(status int) string {
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return "its registry denies access (docker login)"
	case http.StatusNotFound:
		return "its registry does not have it"
	case http.StatusTooManyRequests:
		return "its registry limits requests (wait, or use docker login)"
	}
	return noAnswer
}

// final tells whether asking in another way would give the same error.
func final(err error) bool {
	var refused *transport.Error
	return errors.As(err, &refused) && refusedWith(refused.StatusCode) != noAnswer
}
