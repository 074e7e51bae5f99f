package compose

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"

	"github.com/compose-spec/compose-go/v2/dotenv"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
	"github.com/docker-secrets/docker-secrets/compose/internal/expression"
	"github.com/docker-secrets/docker-secrets/internal/regular"
	"github.com/docker-secrets/docker-secrets/secret"
)

// ReadEnvFile parses the env file at path as Compose does: quotes, comments,
// export, multi-line values, and ${NAME}, which asks lookup first, then the keys
// above it, then before. format is "" or "raw" (each line is KEY=VALUE, taken
// literally). It returns the keys of the file itself. An error names file and
// line, and never quotes the text, as dotenv's own errors do.
func ReadEnvFile(path, format string, before map[string]secret.Value, lookup func(name string) (string, bool)) (map[string]secret.Value, error) {
	content, err := regular.Read(path)
	if err != nil {
		return nil, document.FileError(path, err)
	}
	if err = checkEnvFile(path, content); err != nil {
		return nil, err
	}
	var texts map[string]string
	switch format {
	case "raw":
		texts, err = rawEnv(path, content, lookup)
	case "":
		texts, err = parseEnv(path, content, before, lookup)
	default:
		err = fmt.Errorf("%s: env_file format %q is not known; leave format away, or write raw", path, format)
	}
	if err != nil {
		return nil, err
	}
	return valuesOf(texts), nil
}

// parseEnv parses twice, because dotenv fills one map with before and the file's
// keys: the second pass only tells which keys are the file's.
func parseEnv(path string, content []byte, before variables, lookup expression.Lookup) (map[string]string, error) {
	all := before.texts()
	muteLog()
	expanded := &expansion{own: all, lookup: lookup}
	err := dotenv.ParseWithFormat(bytes.NewReader(content), path, all, expanded.find, "")
	if fault := expanded.fault(path); fault != nil {
		return nil, fault
	}
	if err != nil {
		return nil, envFileError(path, content, err)
	}
	own, err := dotenv.ParseWithLookup(bytes.NewReader(content), func(name string) (string, bool) {
		if lookup != nil {
			if text, ok := lookup(name); ok {
				return text, true
			}
		}
		return before.lookup(name)
	})
	if err != nil {
		return nil, envFileError(path, content, err)
	}
	for key := range own {
		own[key] = all[key]
	}
	return own, nil
}

// rawEnv reads lines of KEY=VALUE as docker's own --env-file does: blanks before
// the key and a byte order mark are dropped, everything after the "=" is the
// value, and a key alone asks lookup.
func rawEnv(path string, content []byte, lookup expression.Lookup) (map[string]string, error) {
	vars := map[string]string{}
	number := 0
	for line := range strings.Lines(strings.TrimPrefix(string(content), "\ufeff")) {
		number++
		line = strings.TrimLeftFunc(strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r"), unicode.IsSpace)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		key, text, found := strings.Cut(line, "=")
		switch {
		case key == "" || strings.ContainsFunc(key, unicode.IsSpace):
			return nil, fmt.Errorf("%s:%d: a variable's name is missing or has a blank in it; write NAME=VALUE", path, number)
		case found:
			vars[key] = text
		case lookup != nil:
			if text, ok := lookup(key); ok {
				vars[key] = text
			}
		}
	}
	return vars, nil
}

const unterminated = "unterminated quoted value "

// envFileError returns one of dotenv's errors without the text of the file: the
// line, and what is wrong.
func envFileError(path string, content []byte, err error) error {
	where := path
	if _, quoted, found := strings.Cut(err.Error(), unterminated); found {
		where = fmt.Sprintf("%s:%d", path, lineThatEnds(content, quoted)) // dotenv counts to the end of the file
	} else if m := document.LineNumber.FindStringSubmatch(err.Error()); m != nil {
		where += ":" + m[1]
	}
	switch text := err.Error(); {
	case strings.Contains(text, unterminated):
		return fmt.Errorf("%s: a quote is opened and never closed", where)
	case strings.Contains(text, "unexpected character"):
		return fmt.Errorf("%s: a variable's name has a character that is not allowed; write NAME=VALUE", where)
	case strings.Contains(text, "key cannot contain a space"):
		return fmt.Errorf("%s: a variable's name has a blank in it; write NAME=VALUE", where)
	case strings.Contains(text, "required variable"):
		return fmt.Errorf("%s: a ${NAME:?} in it is required and not set", where)
	}
	return fmt.Errorf("%s: not an env file; put a value with a literal \"$\" in single quotes, or write $$", where)
}

// lineThatEnds returns the number of the first line that ends in text, or 1.
func lineThatEnds(content []byte, text string) int {
	number := 0
	for line := range strings.Lines(string(content)) {
		if number++; strings.HasSuffix(strings.TrimRight(line, "\r\n"), strings.TrimRight(text, "\r")) {
			return number
		}
	}
	return 1
}
