package transform

// Verdict says whether a variable's value has to leave the compose file.
type Verdict string

// The three verdicts. Maybe is what no rule could decide: it is reported, with
// what to type to decide it.
const (
	Secret Verdict = "secret"
	Plain  Verdict = "plain"
	Maybe  Verdict = "maybe"
)

// The names of the rules by which a person has decided: on the command line, or in
// the compose file's x-docker-secrets.
const (
	RuleUserSecret = "user:secret"
	RuleUserPlain  = "user:plain"
	RuleFileSecret = "file:secret"
	RuleFilePlain  = "file:plain"
)

// Finding is the verdict about one Candidate, and the name of the rule that gave
// it, such as "name:api-key", "value:url-password" or "user:secret".
type Finding struct {
	Verdict Verdict
	Rule    string
}

// CalledPlain tells whether a person said that it is plain: only a variable that
// is a secret itself overrules that.
func (f Finding) CalledPlain() bool { return f.Rule == RuleUserPlain || f.Rule == RuleFilePlain }
