package dockerfile

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
)

// maxSize is how large a Dockerfile may be, in bytes. People's have some kilobytes.
const maxSize = 1 << 20

// Find reads the Dockerfile of a build context. name is what dockerfile: says, relative
// to the context, "" for Dockerfile or, where there is none, dockerfile. The first
// result is the name of the file that was read. A name outside of the context is an
// error: the caller has to open that file by itself.
func Find(context fs.FS, name string) (string, []byte, error) {
	found := path.Clean(strings.TrimPrefix(cmp.Or(name, "Dockerfile"), "./"))
	if !fs.ValidPath(found) {
		return found, nil, fmt.Errorf("%s: it is outside the build context", name)
	}
	file, err := context.Open(found)
	if name == "" && errors.Is(err, fs.ErrNotExist) {
		if lower, lowerErr := context.Open("dockerfile"); lowerErr == nil {
			found, file, err = "dockerfile", lower, nil
		}
	}
	if err != nil {
		return found, nil, err
	}
	defer func() { _ = file.Close() }()
	content, err := io.ReadAll(io.LimitReader(file, maxSize+1))
	switch {
	case err != nil:
		return found, nil, err
	case len(content) > maxSize:
		return found, nil, fmt.Errorf("%s: it is larger than 1 MiB", found)
	}
	return found, content, nil
}
