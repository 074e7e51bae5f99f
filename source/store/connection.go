package store

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
)

// ConnectionFault explains in one line why a store sent no answer: a deadline, a name that
// does not resolve, a connection, a proxy, a certificate. It returns nil for any other err.
// host is the name for the message if err has none; caVariable is the environment variable
// that names CA certificates. The text quotes no request and no answer, and is the same in
// every run.
func ConnectionFault(ctx context.Context, err error, host, caVariable string) error {
	if sent, ok := errors.AsType[*url.Error](err); ok {
		if to, parsed := url.Parse(sent.URL); parsed == nil && to.Host != "" {
			host = to.Hostname()
		}
	}
	switch {
	case errors.Is(err, context.Canceled) || errors.Is(ctx.Err(), context.Canceled):
		return fmt.Errorf("stopped before %s answered", host)
	case timedOut(err) || ctx.Err() != nil:
		return fmt.Errorf("no answer in time from %s; try again, or check VPN, proxy and firewall", host)
	}
	if fault := CertificateFault(err, host, caVariable); fault != nil {
		return fault
	}
	return networkFault(err, host)
}

// timedOut reports whether a deadline ended: that of a context, or the transport's own.
func timedOut(err error) bool {
	fault, ok := errors.AsType[net.Error](err)
	return ok && fault.Timeout()
}

// ConnectionBroke reports whether an established connection ended before the answer was
// complete, so that a retry may succeed.
func ConnectionBroke(err error) bool {
	if op, ok := errors.AsType[*net.OpError](err); ok {
		return (op.Op == "read" || op.Op == "write") && !op.Timeout()
	}
	if sent, ok := errors.AsType[*url.Error](err); ok && strings.HasPrefix(sent.Err.Error(), "stream error:") {
		return true // HTTP/2's, which net/http does not export a type for
	}
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// CertificateFault explains why the certificate of host was rejected. It returns nil if
// err is not about a certificate. caVariable is as for ConnectionFault.
func CertificateFault(err error, host, caVariable string) error {
	_, verification := errors.AsType[*tls.CertificateVerificationError](err)
	_, authority := errors.AsType[x509.UnknownAuthorityError](err)
	_, name := errors.AsType[x509.HostnameError](err)
	invalid, isInvalid := errors.AsType[x509.CertificateInvalidError](err)
	switch {
	case authority:
		return fmt.Errorf("%s has a certificate from an untrusted authority; if your network intercepts TLS, set its CA certificate in %s", host, caVariable)
	case isInvalid && invalid.Reason == x509.Expired:
		return fmt.Errorf("%s has a certificate that has expired or is not valid yet; check the clock", host)
	case name:
		return fmt.Errorf("%s has a certificate for another name; check the address and the proxy", host)
	case verification:
		return fmt.Errorf("%s has a certificate that is not trusted here; name its CA certificate in %s", host, caVariable)
	}
	return nil
}

// networkFault explains failed name look-ups, proxies and connections; nil if err is none
// of them.
func networkFault(err error, host string) error {
	name, isName := errors.AsType[*net.DNSError](err)
	op, isOp := errors.AsType[*net.OpError](err)
	sent, isSent := errors.AsType[*url.Error](err)
	switch {
	case isOp && op.Op == "proxyconnect":
		return fmt.Errorf("cannot reach %s: the proxy does not answer; check HTTPS_PROXY", host)
	case isSent && sent.Err.Error() == http.StatusText(http.StatusProxyAuthRequired):
		return fmt.Errorf("cannot reach %s: the proxy requires a login; add it to HTTPS_PROXY", host)
	case isName && name.IsNotFound:
		return fmt.Errorf("no such host %s; check the name and the network", host)
	case isName:
		return fmt.Errorf("the name %s cannot be looked up; check the network", host)
	case errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Errorf("%s refuses connections; check the address and that it runs", host)
	case ConnectionBroke(err):
		return fmt.Errorf("the connection to %s was lost; try again, or check VPN, proxy and firewall", host)
	case isOp, isSent:
		return fmt.Errorf("cannot reach %s; check VPN, proxy and firewall", host)
	}
	return nil
}
