package check

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"
)

// Fingerprint tells a finding from any other, also after lines were added above it. It
// holds no value.
func (f Finding) Fingerprint() string {
	digest := sha256.Sum256([]byte(strings.Join([]string{f.Rule, f.Place.File, f.Subject}, "\x00")))
	return hex.EncodeToString(digest[:16])
}

// Baseline is what an earlier check found: people have seen it, and only what is new
// fails. The zero Baseline is empty.
type Baseline struct{ prints map[string]bool }

func (b Baseline) has(f Finding) bool { return b.prints[f.Fingerprint()] }

// ReadBaseline reads a report that was written with --format json.
func ReadBaseline(content []byte) (Baseline, error) {
	var report struct {
		Score    *int `json:"score"`
		Findings []struct {
			Fingerprint string `json:"fingerprint"`
		} `json:"findings"`
	}
	if err := json.Unmarshal(content, &report); err != nil || report.Score == nil {
		return Baseline{}, errors.New("not a report; write one with docker secrets check --format json")
	}
	b := Baseline{prints: map[string]bool{}}
	for _, f := range report.Findings {
		b.prints[f.Fingerprint] = true
	}
	return b, nil
}
