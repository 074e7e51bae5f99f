package check

import (
	"cmp"
	"fmt"
	"strings"
)

// Denied says why a process that runs as user, "UID" or "UID:GID", may not read a file
// of that owner, group and mode. It returns "" if it may, and if user is a name or is
// empty, since only the image knows who that is. An empty owner or group is root.
func Denied(user, owner, group string, mode uint32) string {
	uid, gid, _ := strings.Cut(user, ":")
	owner, group = cmp.Or(owner, "0"), cmp.Or(group, "0")
	switch {
	case !isNumber(uid) || uid == "0":
		return ""
	case uid == owner:
		if mode&0o400 != 0 {
			return ""
		}
	case gid == group:
		if mode&0o040 != 0 {
			return ""
		}
	case gid == "" && mode&0o044 != 0: // without a gid it is the image's, or 0
		return ""
	case mode&0o004 != 0:
		return ""
	}
	return fmt.Sprintf("user %s cannot read a file of %s:%s with mode %04o", user, owner, group, mode)
}

func isNumber(text string) bool { return text != "" && strings.Trim(text, "0123456789") == "" }
