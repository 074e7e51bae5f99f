//go:build race

package plugin

// withRaceDetector tells that the test binary has the race detector in it.
const withRaceDetector = true
