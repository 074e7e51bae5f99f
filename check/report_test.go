package check

import (
	"bytes"
	"encoding/xml"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xeipuuv/gojsonschema"
)

// everything has the wrong sample of every rule.
func everything() Report {
	var r Report
	for _, rule := range Rules() {
		r.Findings = append(r.Findings, rule.look(samples[rule.ID].wrong).found...)
	}
	r.Findings[0].Place = Place{File: "a folder/compose.yml", Line: 3, Column: 5}
	r.Findings[1].Known = true
	empty := New(Facts{}, Baseline{})
	r.Guide, r.Unchecked = empty.Guide, empty.Unchecked
	return r
}

// Who has nothing must score nothing: what was not there to look at is not passed.
func TestNothingScoresNothing(t *testing.T) {
	for name, facts := range map[string]Facts{
		"nothing at all":              {Swarm: Swarm{Blind: "no STACK"}},
		"nothing here":                {Application: Application{Blind: "x"}, Repository: Repository{Blind: "x"}, Stack: Stack{Blind: "x"}, Swarm: Swarm{Blind: "x"}},
		"no secrets, in a repository": {Repository: Repository{Commits: 5}, Stack: Stack{Blind: "x"}, Swarm: Swarm{Blind: "x"}},
		"all called plain": {
			Application: Application{CalledPlain: []string{"web.DB_PASSWORD"}}, Repository: Repository{Blind: "x"}, Stack: Stack{Blind: "x"}, Swarm: Swarm{Blind: "x"},
		},
	} {
		if got := New(facts, Baseline{}); got.Score != 0 {
			t.Errorf("%s scores %d: %+v", name, got.Score, got.Guide)
		}
	}
}

// What a person put into the baseline must not fail the check, and must still count.
func TestBaselineDoesNotPass(t *testing.T) {
	facts := application(Application{Variables: []Variable{{Service: "web", Name: "DB_PASSWORD", Written: true}}})
	before := New(facts, Baseline{})
	var written bytes.Buffer
	if err := WriteJSON(&written, before); err != nil {
		t.Fatal(err)
	}
	baseline, err := ReadBaseline(written.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	after := New(facts, baseline)
	if !before.Reaches(Error) || after.Reaches(Warning) {
		t.Error("the baseline changes nothing, or too much")
	}
	if after.Guide[0].Mark != Failed || after.Score != before.Score {
		t.Errorf("a known finding passes: %+v", after.Guide[0])
	}
	facts.Application.Variables = append(facts.Application.Variables, Variable{Service: "web", Name: "API_KEY", Written: true})
	if !New(facts, baseline).Reaches(Error) {
		t.Error("a new finding does not fail")
	}
}

// A line must pass only if all of it could be looked at and nothing was found.
func TestMarks(t *testing.T) {
	facts := Facts{
		Application: Application{Variables: []Variable{{Service: "web", Name: "DB_PASSWORD"}}},
		Repository:  Repository{Commits: 5, Ignored: 5}, Swarm: Swarm{Blind: "no STACK"}, Stack: Stack{Blind: "none"},
	}
	marks := func(f Facts) string {
		var b strings.Builder
		for _, a := range New(f, Baseline{}).Guide {
			b.WriteString(string(a.Mark))
		}
		return b.String()
	}
	if got := marks(facts); got != "✓✓––––––––" {
		t.Error(got)
	}
	facts.Repository.HistoryBlind = "shallow"
	if got := marks(facts); got != "–✓––––––––" {
		t.Error(got)
	}
	facts.Repository.NotIgnored = []string{".env"}
	if got := marks(facts); got != "–✗––––––––" {
		t.Error(got)
	}
}

// SARIF must be valid by the schema that OASIS published, and have every finding.
func TestSARIFIsValid(t *testing.T) {
	schema := sarifSchemaText(t)
	for name, r := range map[string]Report{"every rule": everything(), "no finding": New(Facts{}, Baseline{})} {
		var written bytes.Buffer
		if err := WriteSARIF(&written, r, "1.2.3"); err != nil {
			t.Fatal(err)
		}
		result, err := gojsonschema.Validate(gojsonschema.NewStringLoader(schema), gojsonschema.NewBytesLoader(written.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		for _, fault := range result.Errors() {
			t.Errorf("%s: %s", name, fault)
		}
		if got := bytes.Count(written.Bytes(), []byte(`"ruleIndex"`)); got != len(r.Findings) {
			t.Errorf("%s: %d results for %d findings", name, got, len(r.Findings))
		}
	}
	broken := gojsonschema.NewStringLoader(`{"version": "2.1.0", "runs": [{"results": [{"level": "bad"}]}]}`)
	if result, err := gojsonschema.Validate(gojsonschema.NewStringLoader(schema), broken); err != nil || result.Valid() {
		t.Errorf("the schema takes anything: %v", err)
	}
}

// JUnit must be well-formed, and count right.
func TestJUnitIsWellFormed(t *testing.T) {
	r := everything()
	var written bytes.Buffer
	if err := WriteJUnit(&written, r); err != nil {
		t.Fatal(err)
	}
	var suites junitSuites
	if err := xml.Unmarshal(written.Bytes(), &suites); err != nil {
		t.Fatal(err)
	}
	if suites.Failures != len(r.Findings)-1 || len(suites.Suites) != len(guideLines) {
		t.Errorf("%d failures in %d suites", suites.Failures, len(suites.Suites))
	}
}

// The text must fit the narrowest terminal, but for words that are longer.
func TestTextIsNarrow(t *testing.T) {
	var written bytes.Buffer
	if err := WriteText(&written, everything()); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(written.String()) {
		if len([]rune(line)) > width+1 && !strings.Contains(line, "https://") {
			t.Errorf("%d: %s", len([]rune(line)), line)
		}
	}
	for _, want := range []string{"history-value", "\n  fix: docker secrets migrate", "score: 0 of 10"} {
		if !strings.Contains(written.String(), want) {
			t.Errorf("%q is missing in\n%s", want, written.String())
		}
	}
}

// Commands that mend something must name the stack if it is known.
func TestFixNamesTheStack(t *testing.T) {
	facts := onSwarm(Swarm{Residues: []Residue{{"K", "x"}}})
	facts.Name = "shop"
	facts.Repository = Repository{Commits: 1, Leaks: []Leak{{Secret: "k"}}}
	var fixes []string
	for _, f := range New(facts, Baseline{}).Findings {
		if strings.Contains(f.Fix, "STACK") {
			fixes = append(fixes, f.Fix)
		}
	}
	if diff := cmp.Diff([]string(nil), fixes); diff != "" {
		t.Error(diff)
	}
}
