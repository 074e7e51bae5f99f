package enginetest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// layout is part of the cached folder's name: another one makes it anew.
const layout = "2"

// fetchError says that packages could not be fetched, which is the network's fault and
// not the test's.
type fetchError struct {
	what string
	err  error
}

func (e *fetchError) Error() string { return e.what + ": " + e.err.Error() }

func (e *fetchError) Unwrap() error { return e.err }

// suiteFolder returns a folder with the suite's root file system (root) and a script
// that runs the suite's docker (bin/docker). It makes it unless it is in the user's
// cache; remove it there to get newer packages. Only one process makes it at a time.
func suiteFolder(suite string) (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = "/var/cache"
	}
	cache = filepath.Join(cache, "docker-secrets-engines")
	if err = os.MkdirAll(cache, 0o700); err != nil { // root runs what is in it
		return "", err
	}
	folder := filepath.Join(cache, suite+"-"+layout)
	unlock, err := lockFile(folder + ".lock")
	if err != nil {
		return "", err
	}
	defer unlock()
	if _, err := os.Stat(folder); err == nil {
		return folder, nil
	}
	unfinished := folder + ".new"
	defer func() { _ = os.RemoveAll(unfinished) }()
	if err := makeSuite(suite, unfinished, folder); err != nil {
		return "", err
	}
	return folder, os.Rename(unfinished, folder)
}

// makeSuite fills dir, which is called folder in the end.
func makeSuite(suite, dir, folder string) error {
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	archives := filepath.Join(dir, "apt")
	packages, err := fetchSuite(suite, archives)
	if err != nil {
		return err
	}
	root := filepath.Join(dir, "root")
	if err := mergeFolders(root); err != nil {
		return err
	}
	for _, file := range packages {
		if err := unpackInto(root, file); err != nil {
			return fmt.Errorf("unpack %s: %w", filepath.Base(file), err)
		}
	}
	if err := os.RemoveAll(archives); err != nil {
		return err
	}
	if err := completeRoot(root); err != nil {
		return err
	}
	return writeCLI(filepath.Join(dir, "bin"), root, folder)
}

// mergeFolders makes /bin and the like links to /usr/bin. Older packages have files in
// them, newer ones take the links for granted.
func mergeFolders(root string) error {
	for _, name := range []string{"bin", "sbin", "lib", "lib64"} {
		if err := os.MkdirAll(filepath.Join(root, "usr", name), 0o755); err != nil {
			return err
		}
		if err := os.Symlink("usr/"+name, filepath.Join(root, name)); err != nil {
			return err
		}
	}
	return nil
}

// unpackInto unpacks a package. dpkg-deb -x would make folders of the links.
func unpackInto(root, file string) error {
	archive := exec.Command("dpkg-deb", "--fsys-tarfile", file)
	unpack := exec.Command("tar", "-x", "--keep-directory-symlink", "-C", root)
	var err error
	if unpack.Stdin, err = archive.StdoutPipe(); err != nil {
		return err
	}
	if err = archive.Start(); err != nil {
		return err
	}
	out, err := unpack.CombinedOutput()
	if err = errors.Join(err, archive.Wait()); err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	return nil
}

// completeRoot makes what the packages take for granted.
func completeRoot(root string) error {
	for _, name := range []string{"proc", "sys", "dev", "run", "tmp", "root", "etc", "var/lib", mounted} {
		if err := os.MkdirAll(filepath.Join(root, name), 0o755); err != nil {
			return err
		}
	}
	for _, unread := range []string{"usr/share/doc", "usr/share/man", "usr/share/locale"} {
		if err := os.RemoveAll(filepath.Join(root, unread)); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(root, "etc/passwd"), []byte("root:x:0:0::/root:/bin/sh\n"), 0o600)
}

// writeCLI writes a script docker into bin, which runs the docker of root on the
// machine's file system: with the suite's own loader and libraries, since the machine's
// may be older. Plugins call the CLI back by its first argument, so that is the script.
func writeCLI(bin, root, folder string) error {
	loader, err := onlyFile(root, "lib/ld-linux-*.so.*", "lib64/ld-linux-*.so.*")
	if err != nil {
		return err
	}
	libc, err := onlyFile(root, "usr/lib/*/libc.so.6")
	if err != nil {
		return err
	}
	final := filepath.Join(folder, "root")
	script := fmt.Sprintf("#!/bin/sh\nexec '%s' --argv0 '%s' --library-path '%s' '%s' \"$@\"\n",
		filepath.Join(final, loader), filepath.Join(folder, "bin", "docker"),
		filepath.Join(final, filepath.Dir(libc)), filepath.Join(final, "usr/bin/docker"))
	if err := os.MkdirAll(bin, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(bin, "docker"), []byte(script), 0o755) //nolint:gosec // a program
}

// onlyFile returns the path below root of the first file that a pattern matches.
func onlyFile(root string, patterns ...string) (string, error) {
	for _, pattern := range patterns {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err == nil && len(found) > 0 {
			return filepath.Rel(root, found[0])
		}
	}
	return "", fmt.Errorf("the packages have no %s", strings.Join(patterns, " or "))
}
