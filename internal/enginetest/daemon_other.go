//go:build !linux

package enginetest

import (
	"errors"
	"runtime"
)

func whatIsMissing() string { return "an engine needs Linux, this is " + runtime.GOOS }

func startDaemon(string) (func(), error) { return nil, errors.New(whatIsMissing()) }
