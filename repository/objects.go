package repository

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
)

// maxBlob is the size in bytes up to which an object is searched; what is larger is no
// text that people write.
const maxBlob = 8 << 20

// object is one that the repository has.
type object struct {
	id, kind string
	size     int64
}

// objects returns all that is here, in the order in which git reads it fastest.
func (r *Repository) objects(ctx context.Context) ([]object, error) {
	out, err := r.git(ctx, nil, "cat-file", "--batch-all-objects", "--unordered", "--buffer", "--batch-check=%(objectname) %(objecttype) %(objectsize)")
	if err != nil {
		return nil, err
	}
	var all []object
	for line := range strings.Lines(string(out)) {
		var o object
		if _, err := fmt.Sscanf(line, "%s %s %d", &o.id, &o.kind, &o.size); err != nil {
			return nil, errors.New("git cat-file failed")
		}
		all = append(all, o)
	}
	return all, nil
}

// read calls use with the content of each of wanted, in their order. content is only
// good until use returns.
func (r *Repository) read(ctx context.Context, wanted []object, use func(o object, content []byte)) error {
	cmd := r.command(ctx, "cat-file", "--batch", "--buffer")
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err = cmd.Start(); err != nil {
		return ErrNoGit
	}
	go func() {
		w := bufio.NewWriter(stdin)
		for _, o := range wanted {
			_, _ = w.WriteString(o.id + "\n") // the reader notices what is missing
		}
		_ = w.Flush()
		_ = stdin.Close()
	}()
	fault := readBatch(bufio.NewReaderSize(stdout, 1<<20), wanted, use)
	if fault != nil {
		_ = cmd.Process.Kill()
	}
	if err = cmd.Wait(); fault == nil && err != nil {
		fault = errors.New("git cat-file failed")
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return fault
}

func readBatch(from *bufio.Reader, wanted []object, use func(o object, content []byte)) error {
	var buffer []byte
	for _, o := range wanted {
		header, err := from.ReadString('\n')
		if err != nil || !strings.HasPrefix(header, o.id+" "+o.kind+" ") {
			return errors.New("git cat-file ended early")
		}
		if int64(cap(buffer)) < o.size+1 {
			buffer = make([]byte, o.size+1)
		}
		content := buffer[:o.size+1] // and a line end
		if _, err = io.ReadFull(from, content); err != nil {
			return errors.New("git cat-file ended early")
		}
		use(o, content[:o.size])
	}
	return nil
}
