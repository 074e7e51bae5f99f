package enginetest

import (
	"archive/tar"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

// busyboxRoot returns a root file system as a tar archive: the machine's static
// busybox, a link to it for each of its applets, and the folders that programs
// expect.
func busyboxRoot() (io.Reader, error) {
	path, err := exec.LookPath("busybox")
	if err != nil {
		return nil, err
	}
	binary, err := os.ReadFile(path) //nolint:forbidigo // the rig's own file
	if err != nil {
		return nil, err
	}
	applets, err := exec.Command(path, "--list").Output()
	if err != nil {
		return nil, fmt.Errorf("busybox --list: %w", err)
	}
	var archive bytes.Buffer
	w := tar.NewWriter(&archive)
	entries := []tar.Header{
		{Name: "bin/", Typeflag: tar.TypeDir, Mode: 0o755},
		{Name: "tmp/", Typeflag: tar.TypeDir, Mode: 0o1777},
		{Name: "bin/busybox", Typeflag: tar.TypeReg, Mode: 0o755, Size: int64(len(binary))},
	}
	for name := range strings.FieldsSeq(string(applets)) {
		if name != "busybox" {
			entries = append(entries, tar.Header{Name: "bin/" + name, Typeflag: tar.TypeSymlink, Linkname: "busybox", Mode: 0o777})
		}
	}
	for i := range entries {
		if err := w.WriteHeader(&entries[i]); err != nil {
			return nil, err
		}
		if entries[i].Typeflag == tar.TypeReg {
			if _, err := w.Write(binary); err != nil {
				return nil, err
			}
		}
	}
	return &archive, w.Close()
}
