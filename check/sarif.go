package check

import (
	"io"
	"net/url"
)

// SARIF 2.1.0, OASIS Standard incorporating Approved Errata 01: as much of it as
// findings need.
const (
	sarifVersion = "2.1.0"
	sarifSchema  = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)

type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool            sarifTool     `json:"tool"`
	Results         []sarifResult `json:"results"`
	ColumnKind      string        `json:"columnKind"`
	DefaultEncoding string        `json:"defaultEncoding"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name           string      `json:"name"`
	InformationURI string      `json:"informationUri"`
	Version        string      `json:"version,omitempty"`
	Rules          []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID               string       `json:"id"`
	Name             string       `json:"name"`
	ShortDescription sarifText    `json:"shortDescription"`
	FullDescription  sarifText    `json:"fullDescription"`
	Help             sarifText    `json:"help"`
	HelpURI          string       `json:"helpUri"`
	Default          sarifDefault `json:"defaultConfiguration"`
}

type sarifDefault struct {
	Level Severity `json:"level"`
}

type sarifText struct {
	Text string `json:"text"`
}

type sarifResult struct {
	RuleID       string             `json:"ruleId"`
	RuleIndex    int                `json:"ruleIndex"`
	Level        Severity           `json:"level"`
	Message      sarifText          `json:"message"`
	Locations    []sarifLocation    `json:"locations,omitempty"`
	Fingerprints map[string]string  `json:"partialFingerprints"`
	Suppressions []sarifSuppression `json:"suppressions,omitempty"`
}

type sarifLocation struct {
	Physical *sarifPhysical `json:"physicalLocation,omitempty"`
	Logical  []sarifLogical `json:"logicalLocations,omitempty"`
}

type sarifPhysical struct {
	Artifact sarifArtifact `json:"artifactLocation"`
	Region   *sarifRegion  `json:"region,omitempty"`
}

type sarifArtifact struct {
	URI string `json:"uri"`
}

type sarifRegion struct {
	StartLine   int `json:"startLine"`
	StartColumn int `json:"startColumn,omitempty"`
}

type sarifLogical struct {
	FullyQualifiedName string `json:"fullyQualifiedName"`
}

type sarifSuppression struct {
	Kind string `json:"kind"`
}

// WriteSARIF writes r as SARIF 2.1.0. Findings of the baseline are suppressed results.
// version is that of the program.
func WriteSARIF(w io.Writer, r Report, version string) error {
	driver := sarifDriver{Name: "docker secrets check", InformationURI: pages + "checks.md", Version: version}
	index := map[string]int{}
	for i, rule := range Rules() {
		index[rule.ID] = i
		driver.Rules = append(driver.Rules, sarifRule{
			ID: rule.ID, Name: rule.ID, ShortDescription: sarifText{rule.Title}, FullDescription: sarifText{rule.Why},
			Help: sarifText{"To fix it: " + rule.Fix}, HelpURI: pages + "checks.md#" + rule.ID, Default: sarifDefault{rule.Severity},
		})
	}
	run := sarifRun{Tool: sarifTool{driver}, Results: []sarifResult{}, ColumnKind: "unicodeCodePoints", DefaultEncoding: "utf-8"}
	for _, f := range r.Findings {
		result := sarifResult{
			RuleID: f.Rule, RuleIndex: index[f.Rule], Level: f.Severity, Message: sarifText{f.Message + ". To fix it: " + f.Fix},
			Locations: []sarifLocation{sarifLocationOf(f)}, Fingerprints: map[string]string{"dockerSecrets/v1": f.Fingerprint()},
		}
		if f.Known {
			result.Suppressions = []sarifSuppression{{Kind: "external"}}
		}
		run.Results = append(run.Results, result)
	}
	return encode(w, sarifLog{Schema: sarifSchema, Version: sarifVersion, Runs: []sarifRun{run}})
}

// sarifLocationOf returns the place of f in a file, or else the name of its subject.
func sarifLocationOf(f Finding) sarifLocation {
	if f.Place.File == "" {
		return sarifLocation{Logical: []sarifLogical{{f.Subject}}}
	}
	physical := &sarifPhysical{Artifact: sarifArtifact{(&url.URL{Path: f.Place.File}).String()}}
	if f.Place.Line > 0 {
		physical.Region = &sarifRegion{f.Place.Line, f.Place.Column}
	}
	return sarifLocation{Physical: physical}
}
