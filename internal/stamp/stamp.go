package stamp

import (
	"fmt"
	"os"
	"time"
)

// settled is how long a file must not have changed before a stamp of it says that. Within
// the granularity of a file system's clock, two contents may have the same stamp; a server's
// clock may also be behind this machine's.
const settled = 10 * time.Second

// of returns what tells that the file at path, through symbolic links, has changed since:
// device, inode, size, and the times of the last change of content and of metadata, of which
// no program can set the latter. It is "" where that is not known, or if the file changed
// later than settled before began.
func of(path string, began time.Time) string {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return ""
	}
	device, inode, changed, known := identity(info)
	limit := began.Add(-settled)
	if !known || !info.ModTime().Before(limit) || !changed.Before(limit) {
		return ""
	}
	return fmt.Sprintf("%d %d %d %d %d", device, inode, info.Size(), info.ModTime().UnixNano(), changed.UnixNano())
}
