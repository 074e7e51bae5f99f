package compose

import (
	"io"
	"sync"

	"github.com/sirupsen/logrus"
)

// muteLog silences compose-go's logger for the rest of the process. Seen: for a
// password with a "$" in it, it warns that the second half "is not set", and so
// prints it.
//
//nolint:gochecknoglobals // guards another package's global
var muteLog = sync.OnceFunc(func() { logrus.SetOutput(io.Discard) })
