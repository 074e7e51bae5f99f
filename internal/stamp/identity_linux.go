package stamp

import (
	"io/fs"
	"syscall"
	"time"
)

// identity returns the device and inode of a file, and when its metadata changed.
func identity(info fs.FileInfo) (device, inode uint64, changed time.Time, known bool) {
	stat, known := info.Sys().(*syscall.Stat_t)
	if !known {
		return 0, 0, time.Time{}, false
	}
	return uint64(stat.Dev), stat.Ino, time.Unix(int64(stat.Ctim.Sec), int64(stat.Ctim.Nsec)), true //nolint:unconvert // not 64 bits everywhere
}
