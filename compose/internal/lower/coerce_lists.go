package lower

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"
)

// texts returns value as a list of strings, each once.
func texts(value any) (any, error) {
	list, ok := value.([]any)
	if !ok {
		return nil, errors.New("not a list")
	}
	out := []any{}
	seen := map[any]bool{}
	for _, entry := range list {
		s, err := text(entry)
		if err != nil {
			return nil, errors.New("not a list of strings")
		}
		if !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return optional(len(out) > 0, out), nil
}

// textOrTexts returns value as a string or a list of strings.
func textOrTexts(value any) (any, error) {
	if s, ok := value.(string); ok {
		return s, nil
	}
	return texts(value)
}

// mapping returns KEY: VALUE or a list of KEY=VALUE, in the author's form. A key without
// a value gets an empty one.
func mapping(value any) (any, error) {
	in, ok := value.(map[string]any)
	if !ok {
		return texts(value)
	}
	out := map[string]any{}
	for key, v := range in {
		if v == nil {
			v = ""
		}
		s, err := text(v)
		if err != nil {
			return nil, errors.New("not a mapping of strings")
		}
		out[key] = s
	}
	return optional(len(out) > 0, out), nil
}

// numbers returns a mapping whose numbers stay numbers, as the options of drivers do.
func numbers(value any) (any, error) {
	in, ok := value.(map[string]any)
	if !ok {
		return nil, errors.New("not a mapping")
	}
	lowered, err := mapping(value)
	out, ok := lowered.(map[string]any)
	if err != nil || !ok {
		return nil, err
	}
	for key, v := range in {
		if n, ok := v.(int); ok {
			out[key] = n
		}
	}
	return out, nil
}

// words returns a command line. Compose and Swarm split a string by different rules
// (mattn/go-shellwords and google/shlex): it stays a string only if both split it in the
// same way.
func words(value any) (any, error) {
	line, ok := value.(string)
	if !ok {
		return wordList(value)
	}
	if !strings.ContainsAny(line, "#\\;&|<>()`$") && !strings.Contains(line, `""`) && !strings.Contains(line, "''") {
		return line, balanced(line)
	}
	var command types.ShellCommand
	if command.DecodeMapstructure(line) != nil {
		return nil, errors.New("not a command line that can be split into words; write it as a list")
	}
	out := []any{}
	for _, word := range command {
		out = append(out, word)
	}
	return out, nil
}

func balanced(line string) error {
	var command types.ShellCommand
	if command.DecodeMapstructure(line) != nil {
		return errors.New("not a command line that can be split into words; write it as a list")
	}
	return nil
}

func wordList(value any) (any, error) {
	list, ok := value.([]any)
	if !ok {
		return nil, errors.New("not a string or a list")
	}
	out := []any{}
	for _, entry := range list {
		s, err := text(entry)
		if err != nil {
			return nil, errors.New("not a list of strings")
		}
		out = append(out, s)
	}
	return out, nil
}

// hosts returns extra_hosts as entries HOST:IP: CLIs before 25 corrupt HOST=IP, and no
// stack takes several addresses under one key.
func hosts(value any) (any, error) {
	var pairs []any
	switch v := value.(type) {
	case []any:
		pairs = v
	case map[string]any:
		for _, host := range slices.Sorted(maps.Keys(v)) {
			ips, ok := v[host].([]any)
			if !ok {
				ips = []any{v[host]}
			}
			for _, ip := range ips {
				pairs = append(pairs, fmt.Sprintf("%s=%v", host, ip))
			}
		}
	default:
		return nil, errors.New("not a mapping or a list")
	}
	out := []any{}
	for _, pair := range pairs {
		s, _ := pair.(string)
		at := strings.IndexAny(s, "=:")
		if at <= 0 || at == len(s)-1 {
			return nil, errors.New("not a list of HOST:IP")
		}
		ip := strings.TrimSuffix(strings.TrimPrefix(s[at+1:], "["), "]")
		out = append(out, s[:at]+":"+ip)
	}
	return texts(out)
}

// ulimits returns each limit as one number for both limits, or as soft and hard.
func ulimits(value any) (any, error) {
	in, ok := value.(map[string]any)
	if !ok {
		return nil, errors.New("not a mapping")
	}
	out := map[string]any{}
	for name, limit := range in {
		if n, ok := whole(limit); ok {
			out[name] = n
			continue
		}
		pair, _ := limit.(map[string]any)
		soft, okSoft := whole(pair["soft"])
		hard, okHard := whole(pair["hard"])
		if !okSoft || !okHard {
			return nil, errors.New("not whole numbers, each one limit or soft and hard")
		}
		out[name] = map[string]any{"soft": soft, "hard": hard}
	}
	return optional(len(out) > 0, out), nil
}
