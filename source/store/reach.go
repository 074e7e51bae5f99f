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

// Unreached says in one line why a store gave no answer at all: the deadline, the
// name, the way there, its certificate. It is nil for every other err. host is whom
// to name when err does not, trust the variables that can name another authority.
// Nothing of a request or an answer is quoted, nor what differs from run to run.
func Unreached(ctx context.Context, err error, host, trust string) error {
	if sent, ok := errors.AsType[*url.Error](err); ok {
		if to, parsed := url.Parse(sent.URL); parsed == nil && to.Host != "" {
			host = to.Hostname()
		}
	}
	switch {
	case errors.Is(err, context.Canceled) || errors.Is(ctx.Err(), context.Canceled):
		return fmt.Errorf("stopped before %s answered", host)
	case timedOut(err) || ctx.Err() != nil:
		return fmt.Errorf("no answer in time from %s; try again, or look into the way there (VPN, proxy, firewall)", host)
	}
	if fault := Distrusted(err, host, trust); fault != nil {
		return fault
	}
	return disconnected(err, host)
}

// timedOut tells whether a deadline ended, of ctx or of the transport's own.
func timedOut(err error) bool {
	fault, ok := errors.AsType[net.Error](err)
	return ok && fault.Timeout()
}

// Broke tells whether a connection that was there ended before the answer did, so
// that another try may well succeed.
func Broke(err error) bool {
	if op, ok := errors.AsType[*net.OpError](err); ok {
		return (op.Op == "read" || op.Op == "write") && !op.Timeout()
	}
	if sent, ok := errors.AsType[*url.Error](err); ok && strings.HasPrefix(sent.Err.Error(), "stream error:") {
		return true // of HTTP/2, whose errors have no types of their own
	}
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// Distrusted is about the certificate that host showed.
func Distrusted(err error, host, trust string) error {
	_, verification := errors.AsType[*tls.CertificateVerificationError](err)
	_, authority := errors.AsType[x509.UnknownAuthorityError](err)
	_, name := errors.AsType[x509.HostnameError](err)
	invalid, isInvalid := errors.AsType[x509.CertificateInvalidError](err)
	switch {
	case authority:
		return fmt.Errorf("%s shows a certificate whose authority is not trusted here; if your network opens TLS, name its CA certificate in %s", host, trust)
	case isInvalid && invalid.Reason == x509.Expired:
		return fmt.Errorf("%s shows a certificate that has expired or is not valid yet; check the clock", host)
	case name:
		return fmt.Errorf("%s shows a certificate for another name; check the address and the proxy", host)
	case verification:
		return fmt.Errorf("%s shows a certificate that is not trusted here; name its CA certificate in %s", host, trust)
	}
	return nil
}

// disconnected is about names, proxies and connections.
func disconnected(err error, host string) error {
	name, isName := errors.AsType[*net.DNSError](err)
	op, isOp := errors.AsType[*net.OpError](err)
	sent, isSent := errors.AsType[*url.Error](err)
	switch {
	case isOp && op.Op == "proxyconnect":
		return fmt.Errorf("%s is not reached: the proxy does not answer; check HTTPS_PROXY", host)
	case isSent && sent.Err.Error() == http.StatusText(http.StatusProxyAuthRequired):
		return fmt.Errorf("%s is not reached: the proxy wants a login; write it into HTTPS_PROXY", host)
	case isName && name.IsNotFound:
		return fmt.Errorf("no such host %s; check the name and the network", host)
	case isName:
		return fmt.Errorf("the name %s cannot be looked up; check the network", host)
	case errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Errorf("%s refuses connections; check the address and that it runs", host)
	case Broke(err):
		return fmt.Errorf("the connection to %s broke; try again, or look into the way there (VPN, proxy, firewall)", host)
	case isOp, isSent:
		return fmt.Errorf("%s is not reached; look into the way there (VPN, proxy, firewall)", host)
	}
	return nil
}
