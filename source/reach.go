package source

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"syscall"

	"github.com/docker-secrets/docker-secrets/secret"
)

// unreached says in one line why a store gave no answer at all: the deadline, the
// name, the way there, its certificate. It is nil for every other err. host is whom
// to name when err does not, trust the variables that can name another authority.
// Nothing of a request or an answer is quoted, nor what differs from run to run.
func unreached(ctx context.Context, err error, host, trust string) error {
	if sent, ok := errors.AsType[*url.Error](err); ok {
		if to, parsed := url.Parse(sent.URL); parsed == nil && to.Host != "" {
			host = to.Hostname()
		}
	}
	switch {
	case errors.Is(err, context.Canceled) || errors.Is(ctx.Err(), context.Canceled):
		return fmt.Errorf("stopped before %s answered", host)
	case errors.Is(err, context.DeadlineExceeded) || ctx.Err() != nil:
		return fmt.Errorf("no answer in time from %s; try again, or look into the way there (VPN, proxy, firewall)", host)
	}
	if fault := distrusted(err, host, trust); fault != nil {
		return fault
	}
	return disconnected(err, host)
}

// distrusted is about the certificate that host showed.
func distrusted(err error, host, trust string) error {
	var verification *tls.CertificateVerificationError
	var authority x509.UnknownAuthorityError
	var invalid x509.CertificateInvalidError
	var name x509.HostnameError
	switch {
	case errors.As(err, &authority):
		return fmt.Errorf("%s shows a certificate whose authority is not trusted here; if your network opens TLS, name its CA certificate in %s", host, trust)
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return fmt.Errorf("%s shows a certificate that has expired or is not valid yet; check the clock", host)
	case errors.As(err, &name):
		return fmt.Errorf("%s shows a certificate for another name; check the address and the proxy", host)
	case errors.As(err, &verification):
		return fmt.Errorf("%s shows a certificate that is not trusted here; name its CA certificate in %s", host, trust)
	}
	return nil
}

// disconnected is about names, proxies and connections.
func disconnected(err error, host string) error {
	var name *net.DNSError
	var op *net.OpError
	var sent *url.Error
	switch {
	case errors.As(err, &op) && op.Op == "proxyconnect":
		return fmt.Errorf("%s is not reached: the proxy does not answer; check HTTPS_PROXY", host)
	case errors.As(err, &name) && name.IsNotFound:
		return fmt.Errorf("no such host %s; check the name and the network", host)
	case errors.As(err, &name):
		return fmt.Errorf("the name %s cannot be looked up; check the network", host)
	case errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Errorf("%s refuses connections; check the address and that it runs", host)
	case errors.As(err, &op):
		return fmt.Errorf("the connection to %s broke; try again, or look into the way there (VPN, proxy, firewall)", host)
	case errors.As(err, &sent):
		return fmt.Errorf("%s is not reached; look into the way there (VPN, proxy, firewall)", host)
	}
	return nil
}

// arguments is an error when ref has arguments other than known, or one of them
// twice. known is in the order in which the error lists it.
func arguments(ref secret.Reference, known ...string) error {
	seen := map[string]bool{}
	for _, name := range known {
		seen[name] = false
	}
	for _, param := range ref.Query {
		switch again, isKnown := seen[param.Key]; {
		case !isKnown && len(known) == 0:
			return fmt.Errorf("no argument ?%s= is known, nor any other", param.Key)
		case !isKnown:
			return fmt.Errorf("no argument ?%s= is known; there are %s", param.Key, strings.Join(known, ", "))
		case again:
			return fmt.Errorf("the argument ?%s= is there twice; leave one", param.Key)
		case param.Value == "":
			return fmt.Errorf("the argument ?%s= is empty; give it a value or leave it out", param.Key)
		}
		seen[param.Key] = true
	}
	return nil
}

// argument is ref's only value of name, "" when it has none.
func argument(ref secret.Reference, name string) string {
	if values := ref.Param(name); len(values) > 0 {
		return values[0]
	}
	return ""
}
