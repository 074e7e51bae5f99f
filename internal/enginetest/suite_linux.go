package enginetest

import (
	"os"
	"syscall"
)

// mounted is where an engine of another suite sees the folder of its socket and data.
const mounted = "/engine"

// insideRoot is inside for a daemon whose / is another root file system ($1), which
// sees its own folder ($2) under another path ($3). The root is shared with other engines, so what
// differs is in /run: busybox, to take the old root away, and the iptables that this
// kernel knows, as Debian's alternatives would choose it.
const insideRoot = `set -e
root=$1 dir=$2 seen=$3
shift 3
mount --make-rprivate /
mount --bind "$root" "$root"
mount -t proc none "$root/proc"
mount -t sysfs none "$root/sys"
[ ! -d /sys/fs/cgroup ] || mount --rbind /sys/fs/cgroup "$root/sys/fs/cgroup"
mount --rbind /dev "$root/dev"
mount -t tmpfs none "$root/run"
mount -t tmpfs none "$root/tmp"
mount --bind "$dir" "$root$seen"
ip link set lo up
echo "$0" >/proc/sys/kernel/hostname
mkdir "$root/run/bin" "$root/run/old"
cp "$(command -v busybox)" "$root/run/bin/busybox"
kind=nft
chroot "$root" /usr/sbin/iptables-nft -t nat -nL >/dev/null 2>&1 || kind=legacy
for use in '' -save -restore; do
    ln -s "/usr/sbin/iptables-$kind$use" "$root/run/bin/iptables$use"
    ln -s "/usr/sbin/ip6tables-$kind$use" "$root/run/bin/ip6tables$use"
done
cd "$root"
pivot_root . run/old
cd /
export PATH=/run/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root
exec /run/bin/busybox sh -c '/run/bin/busybox umount -l /run/old && again=$0 && "$@"; while /run/bin/busybox rm "$again" 2>/dev/null; do "$@"; done' "$seen/restart" "$@"
`

// lockFile waits until no other process holds the lock and returns what gives it back.
func lockFile(path string) (unlock func(), err error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX); err != nil {
		_ = file.Close()
		return nil, err
	}
	return func() { _ = file.Close() }, nil
}
