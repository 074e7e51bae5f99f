package lower

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/compose-spec/compose-go/v2/types"
)

// coerce returns value in the type that the stack schema asks for, or an error that
// says what it should have been and does not quote it.
type coerce func(value any) (any, error)

// keep returns a function that keeps a key, with the value that as returns for it.
func keep(as coerce) lowerFunc {
	return func(l *lowering, at place, value any) (any, bool) {
		v, err := as(value)
		if err != nil {
			l.refuse(at, err.Error())
			return nil, false
		}
		return v, v != nil
	}
}

// unset removes a key without a report, since another key or report says the same.
func unset(*lowering, place, any) (any, bool) { return nil, false }

func text(value any) (any, error) {
	switch v := value.(type) {
	case string:
		return v, nil
	case map[string]any, []any, nil:
		return nil, errors.New("not a string")
	}
	return fmt.Sprint(value), nil
}

func boolean(value any) (any, error) {
	switch v := value.(type) {
	case bool:
		return v, nil
	case string:
		switch strings.ToLower(v) {
		case "true", "yes", "y", "on", "1":
			return true, nil
		case "false", "no", "n", "off", "0", "":
			return false, nil
		}
	}
	return nil, errors.New("not true or false")
}

func integer(value any) (any, error) {
	n, ok := whole(value)
	if !ok {
		return nil, errors.New("not a whole number")
	}
	return n, nil
}

// count returns value as a whole number of things.
func count(value any) (any, error) {
	n, ok := whole(value)
	if !ok || n < 0 {
		return nil, errors.New("not a whole number from 0")
	}
	return n, nil
}

func whole(value any) (int, bool) {
	switch v := value.(type) {
	case int:
		return v, true
	case int64:
		return int(v), true
	case uint32:
		return int(v), true
	case uint64:
		return int(v), v <= math.MaxInt
	case float32:
		return whole(float64(v))
	case float64:
		return int(v), v == math.Trunc(v) && math.Abs(v) < 1<<53
	case string:
		n, err := strconv.Atoi(v)
		return n, err == nil
	}
	return 0, false
}

func number(value any) (any, error) {
	f, err := strconv.ParseFloat(fmt.Sprint(value), 64)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		return nil, errors.New("not a number")
	}
	if n, ok := value.(int); ok {
		return n, nil
	}
	return f, nil
}

// cpus returns a number of processors as the Engine takes it: a string with at most nine
// decimals (opts.ParseCPUs of docker/cli).
func cpus(value any) (any, error) {
	f, err := strconv.ParseFloat(fmt.Sprint(value), 64)
	if err != nil || f < 0 || math.IsNaN(f) || f > 1<<20 {
		return nil, errors.New("not a number of processors")
	}
	if f == 0 {
		return nil, nil //nolint:nilnil // no limit, as for Compose
	}
	if s, ok := value.(string); ok && len(s) < 10 && strings.Trim(s, "0123456789.") == "" {
		return s, nil
	}
	s := strconv.FormatFloat(f, 'f', 9, 64)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), "."), nil
}

// size returns an amount of memory, as the author wrote it if Swarm can read that.
func size(value any) (any, error) {
	bytes, err := sizeInBytes(value)
	if err != nil {
		return nil, err
	}
	if bytes <= 0 {
		return nil, nil //nolint:nilnil // no limit, as for Compose
	}
	if s, ok := value.(string); ok {
		return s, nil
	}
	return strconv.FormatInt(bytes, 10), nil
}

func sizeInBytes(value any) (int64, error) {
	if n, ok := whole(value); ok {
		return int64(n), nil
	}
	var bytes types.UnitBytes
	s, ok := value.(string)
	if !ok || bytes.DecodeMapstructure(s) != nil {
		return 0, errors.New("not a size; write a number of bytes or one with a unit, such as 64m")
	}
	return int64(bytes), nil
}

// duration returns a time span as Go writes it, which Swarm reads. Compose also reads
// days and weeks.
func duration(value any) (any, error) {
	s, ok := value.(string)
	if ok {
		if d, err := time.ParseDuration(s); err == nil && d >= 0 {
			return s, nil
		}
	}
	var d types.Duration
	if !ok || d.DecodeMapstructure(s) != nil || d < 0 {
		return nil, errors.New("not a duration; write one such as 1m30s")
	}
	return d.String(), nil
}

// oneOf takes only the words given.
func oneOf(words ...string) coerce {
	return func(value any) (any, error) {
		for _, word := range words {
			if value == word {
				return word, nil
			}
		}
		return nil, errors.New("not one of " + strings.Join(words, ", "))
	}
}

func optional[T any](ok bool, v T) any {
	if !ok {
		return nil
	}
	return v
}
