package compose

import (
	"bytes"
	"fmt"

	"github.com/docker-secrets/docker-secrets/compose/internal/expression"
)

// The limits of an env file.
const (
	maxEnvLines    = 100_000
	maxEnvExpanded = 16 << 20 // bytes that its variables may be replaced by, together
)

// checkEnvFile refuses the content of an env file that takes too long to parse. The error
// shows path, and no text.
func checkEnvFile(path string, content []byte) error {
	if bytes.Count(content, []byte("\n")) > maxEnvLines {
		return fmt.Errorf("%s:%d: more than 100,000 lines up to here; split the file", path, maxEnvLines+1)
	}
	if expression.CheckDepth(string(content)) == nil {
		return nil
	}
	end, line := 0, 0
	for ; expression.CheckDepth(string(content[:end])) == nil; line++ {
		next := bytes.IndexByte(content[end:], '\n')
		if next < 0 {
			next = len(content) - end - 1
		}
		end += next + 1
	}
	return fmt.Errorf("%s:%d: %w", path, line, expression.ErrDeep)
}

// expansion counts what the variables in an env file are replaced by: V2=${V1}${V1},
// V3=${V2}${V2} and so on double it at each line.
type expansion struct {
	own    map[string]string // the keys above, as the parser fills it
	lookup expression.Lookup // asked first; nil for none
	bytes  int
}

// find is the lookup for the parser. Once there is too much it gives nothing more.
func (e *expansion) find(name string) (string, bool) {
	text, ok := "", false
	if e.lookup != nil {
		text, ok = e.lookup(name)
	}
	if !ok {
		text, ok = e.own[name]
	}
	if e.bytes += len(text); e.bytes > maxEnvExpanded {
		return "", ok
	}
	return text, ok
}

// fault is the error for the env file at path if it was too much.
func (e *expansion) fault(path string) error {
	if e.bytes <= maxEnvExpanded {
		return nil
	}
	return fmt.Errorf("%s: %w", path, expression.ErrLong)
}
