package repository

import (
	"bufio"
	"context"
	"errors"
	"io"
	"strings"
)

// origin is a commit that brought an object in, and its path there.
type origin struct {
	commit, path string
	order        int // of the commit, parents before children
}

// origins returns where each blob that a branch, a tag or a stash can reach comes from:
// the oldest commits that have it, and its path there, relative to the top. commits
// numbers them, parents before children.
func (r *Repository) origins(ctx context.Context) (blobs map[string][]origin, commits map[string]int, err error) {
	list := r.command(ctx, "rev-list", "--topo-order", "--reverse", "--all")
	tree := r.command(ctx, "diff-tree", "--stdin", "--always", "-r", "-c", "--root", "--raw", "-z", "--no-renames", "--no-abbrev", "--no-ext-diff", "--no-textconv")
	if tree.Stdin, err = list.StdoutPipe(); err != nil {
		return nil, nil, err
	}
	out, err := tree.StdoutPipe()
	if err != nil {
		return nil, nil, err
	}
	if err = errors.Join(list.Start(), tree.Start()); err != nil {
		return nil, nil, ErrNoGit
	}
	blobs, commits = map[string][]origin{}, map[string]int{}
	readChanges(bufio.NewReaderSize(out, 1<<20), blobs, commits)
	err = errors.Join(tree.Wait(), list.Wait())
	switch {
	case ctx.Err() != nil:
		return nil, nil, ctx.Err()
	case err != nil:
		return nil, nil, errors.New("git diff-tree failed")
	}
	return blobs, commits, nil
}

// maxOrigins is how many places of one blob are remembered.
const maxOrigins = 3

// readChanges reads what diff-tree prints with -z: a commit, then for each path
// ":MODES IDS STATUS" and the path, all ended by NUL. A merge has a colon, a mode and an
// id for each parent, and only what no parent has.
func readChanges(from *bufio.Reader, blobs map[string][]origin, commits map[string]int) {
	commit := ""
	for {
		field, err := from.ReadString(0)
		if err != nil && !errors.Is(err, io.EOF) || field == "" {
			return
		}
		field = strings.TrimSuffix(field, "\x00")
		if !strings.HasPrefix(field, ":") {
			commit = field
			commits[commit] = len(commits)
			continue
		}
		path, err := from.ReadString(0)
		if err != nil {
			return
		}
		parents := len(field) - len(strings.TrimLeft(field, ":"))
		words := strings.Fields(field[parents:])
		if len(words) < 2*parents+2 || words[parents] == "160000" || words[parents] == "000000" {
			continue
		}
		id := words[2*parents+1]
		if known := blobs[id]; len(known) < maxOrigins {
			blobs[id] = append(known, origin{commit, strings.TrimSuffix(path, "\x00"), commits[commit]})
		}
	}
}
