//go:build unix

package audit

import (
	"errors"
	"io"
	"log/syslog"
	"syscall"
)

// openSyslog connects to the syslog at address, HOST:PORT; "" for this machine's own.
func openSyslog(scheme, address string) (io.WriteCloser, error) {
	const priority = syslog.LOG_AUTHPRIV | syslog.LOG_NOTICE
	switch {
	case address == "":
		return syslog.New(priority, "docker-secrets")
	case scheme == "syslog+tcp":
		return syslog.Dial("tcp", address, priority, "docker-secrets")
	}
	return syslog.Dial("udp", address, priority, "docker-secrets")
}

// isUnsyncable tells whether err says that a file cannot be synced, and not that it
// failed.
func isUnsyncable(err error) bool {
	return errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP)
}
