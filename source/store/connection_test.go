package store

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"syscall"
	"testing"
)

// A missing answer must be explained in plain words, with the host and with nothing that
// differs from run to run. Other errors must not be explained.
func TestConnectionFaultIsSameInEveryRun(t *testing.T) {
	const ways = "check VPN, proxy and firewall"
	local := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 54321}
	for want, err := range map[string]error{
		"no answer in time from h.example; try again, or " + ways:                                                               &url.Error{URL: "https://h.example:8200/v1", Err: context.DeadlineExceeded},
		"no answer in time from host; try again, or " + ways:                                                                    &net.OpError{Op: "dial", Err: os.ErrDeadlineExceeded},
		"stopped before host answered":                                                                                          context.Canceled,
		"no such host host; check the name and the network":                                                                     &net.OpError{Op: "dial", Err: &net.DNSError{IsNotFound: true}},
		"the name host cannot be looked up; check the network":                                                                  &net.DNSError{Err: "server misbehaving"},
		"host refuses connections; check the address and that it runs":                                                          &net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)},
		"cannot reach host: the proxy does not answer; check HTTPS_PROXY":                                                       &net.OpError{Op: "proxyconnect", Err: &net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}},
		"cannot reach h: the proxy requires a login; add it to HTTPS_PROXY":                                                     &url.Error{URL: "https://h/", Err: errors.New("Proxy Authentication Required")},
		"the connection to host was lost; try again, or " + ways:                                                                &net.OpError{Op: "read", Source: local, Addr: local, Err: syscall.ECONNRESET},
		"the connection to h was lost; try again, or " + ways:                                                                   &url.Error{URL: "https://h/", Err: io.ErrUnexpectedEOF},
		"cannot reach host; " + ways:                                                                                            &net.OpError{Op: "dial", Source: local, Addr: local, Err: syscall.ENETUNREACH},
		"cannot reach h; " + ways:                                                                                               &url.Error{URL: "https://h/", Err: errors.New("Bad Gateway")},
		"host has a certificate from an untrusted authority; if your network intercepts TLS, set its CA certificate in CA_FILE": &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}},
		"host has a certificate that has expired or is not valid yet; check the clock":                                          x509.CertificateInvalidError{Reason: x509.Expired},
		"host has a certificate for another name; check the address and the proxy":                                              x509.HostnameError{Host: "x", Certificate: &x509.Certificate{}},
		"host has a certificate that is not trusted here; name its CA certificate in CA_FILE":                                   &tls.CertificateVerificationError{Err: errors.New("x")},
	} {
		if got := ConnectionFault(t.Context(), fmt.Errorf("call: %w", err), "host", "CA_FILE"); got == nil || got.Error() != want {
			t.Errorf("%v, want %s", got, want)
		}
	}
	if got := ConnectionFault(t.Context(), errors.New("an answer"), "host", "CA_FILE"); got != nil {
		t.Errorf("an answer is %v", got)
	}
}
