package compose

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"strings"
	"unicode"

	"github.com/compose-spec/compose-go/v2/dotenv"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
	"github.com/docker-secrets/docker-secrets/compose/internal/expression"
)

// ReadEnvFile parses the env file at path as Compose does: quotes, comments,
// export, multi-line values, and ${} for which value is asked first, then the
// keys above it, then before. format is "" or "raw" (each line KEY=VALUE as it
// stands). It returns the file's own keys. An error names file and line, and
// never the text: dotenv's own errors quote it.
func ReadEnvFile(path, format string, before map[string]string, value func(name string) (string, bool)) (map[string]string, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, document.FileError(path, err)
	}
	switch format {
	case "raw":
		return rawEnv(path, content, value)
	case "":
		return parseEnv(path, content, before, value)
	}
	return nil, fmt.Errorf("%s: env_file format %q is not known; leave format away, or write raw", path, format)
}

// parseEnv parses twice, because dotenv fills one map with before and the file's
// keys alike: the second time only tells which keys are the file's.
func parseEnv(path string, content []byte, before map[string]string, value expression.Lookup) (map[string]string, error) {
	all := maps.Clone(before)
	if all == nil {
		all = map[string]string{}
	}
	muteLog()
	if err := dotenv.ParseWithFormat(bytes.NewReader(content), path, all, dotenv.LookupFn(value), ""); err != nil {
		return nil, envFileError(path, content, err)
	}
	own, err := dotenv.ParseWithLookup(bytes.NewReader(content), dotenv.LookupFn(value))
	if err != nil {
		return nil, envFileError(path, content, err)
	}
	for key := range own {
		own[key] = all[key]
	}
	return own, nil
}

// rawEnv reads lines of KEY=VALUE as docker's own --env-file does: blanks before
// the key and a byte order mark are no part of it, everything behind the "=" is
// the value, and a key alone asks value.
func rawEnv(path string, content []byte, value expression.Lookup) (map[string]string, error) {
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
		case value != nil:
			if text, ok := value(key); ok {
				vars[key] = text
			}
		}
	}
	return vars, nil
}

const unterminated = "unterminated quoted value "

// envFileError keeps the line of one of dotenv's errors and what kind it is.
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
	return fmt.Errorf("%s: not an env file; a value with a plain \"$\" wants single quotes, or $$", where)
}

// lineThatEnds is the number of the first line that ends in text, 1 for none.
func lineThatEnds(content []byte, text string) int {
	number := 0
	for line := range strings.Lines(string(content)) {
		if number++; strings.HasSuffix(strings.TrimRight(line, "\r\n"), strings.TrimRight(text, "\r")) {
			return number
		}
	}
	return 1
}
