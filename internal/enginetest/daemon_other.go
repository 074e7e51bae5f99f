//go:build !linux

package enginetest

import (
	"errors"
	"runtime"
)

func whatIsMissing() string { return "an engine needs Linux, this is " + runtime.GOOS }

func startDaemon(string) (int, func(), error) { return 0, nil, errors.New(whatIsMissing()) }

func startNetwork() (int, func(), error) { return 0, nil, errors.New(whatIsMissing()) }
