package check

import (
	"encoding/xml"
	"fmt"
	"io"
)

// The form of JUnit that GitLab, Jenkins and GitHub's actions read: one test case a
// rule and finding.
type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Skipped  int          `xml:"skipped,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	File    string        `xml:"file,attr,omitempty"`
	Line    int           `xml:"line,attr,omitempty"`
	Failure *junitFailure `xml:"failure,omitempty"`
	Skipped *junitSkipped `xml:"skipped,omitempty"`
}

type junitFailure struct {
	Type    Severity `xml:"type,attr"`
	Message string   `xml:"message,attr"`
	Text    string   `xml:",chardata"`
}

type junitSkipped struct {
	Message string `xml:"message,attr"`
}

// WriteJUnit writes r with one suite a line of the guide. Findings of the baseline, and
// lines that could not be looked at, are skipped cases.
func WriteJUnit(w io.Writer, r Report) error {
	all := junitSuites{Name: "docker secrets check"}
	for _, a := range r.Guide {
		suite := junitSuite{Name: fmt.Sprintf("%d. %s", a.Line, a.Text)}
		for _, f := range r.Findings {
			if rule, _ := RuleOf(f.Rule); rule.Line == a.Line {
				suite.add(junitCaseOf(f, rule))
			}
		}
		if len(suite.Cases) == 0 {
			line := junitCase{Class: suite.Name, Name: a.Text}
			if a.Mark == NotLooked {
				line.Skipped = &junitSkipped{"could not be checked from here"}
			}
			suite.add(line)
		}
		all.Tests, all.Failures, all.Skipped = all.Tests+suite.Tests, all.Failures+suite.Failures, all.Skipped+suite.Skipped
		all.Suites = append(all.Suites, suite)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", "  ")
	if err := encoder.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func (s *junitSuite) add(c junitCase) {
	s.Cases = append(s.Cases, c)
	s.Tests++
	if c.Failure != nil {
		s.Failures++
	}
	if c.Skipped != nil {
		s.Skipped++
	}
}

func junitCaseOf(f Finding, rule Rule) junitCase {
	c := junitCase{Class: f.Rule, Name: f.Message, File: f.Place.File, Line: f.Place.Line}
	if f.Known {
		c.Skipped = &junitSkipped{"in the baseline"}
		return c
	}
	c.Failure = &junitFailure{f.Severity, f.Message, fmt.Sprintf("%s\n%s\nTo fix it: %s", placeText(f.Place), rule.Why, f.Fix)}
	return c
}
