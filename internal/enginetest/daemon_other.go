//go:build !linux

package enginetest

import (
	"errors"
	"runtime"
)

const mounted = "/engine"

func whatIsMissing() string { return "an engine needs Linux, this is " + runtime.GOOS }

func startDaemon(string, string) (int, func(), error) { return 0, nil, errors.New(whatIsMissing()) }

func startNetwork() (int, func(), error) { return 0, nil, errors.New(whatIsMissing()) }

func lockFile(string) (func(), error) { return nil, errors.New(whatIsMissing()) }
