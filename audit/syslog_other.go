//go:build !unix

package audit

import (
	"errors"
	"io"
)

func openSyslog(_, _ string) (io.WriteCloser, error) {
	return nil, errors.New("there is no syslog on this system")
}

func isUnsyncable(error) bool { return false }
