package check

// guideLines is the guide's checklist.
//
//nolint:gochecknoglobals // a table, never written
var guideLines = []string{
	"Secrets are never committed",
	"Env files and keys are kept out of git and of images",
	"Production reads its secrets from the Swarm",
	"Every service gets the secrets that it needs, and no more",
	"Secrets are rotated",
	"Every environment has secrets of its own",
	"Secrets are encrypted at rest and in transit",
	"No plaintext is left where it ran before",
	"Every running service can read its secrets",
	"Access is audited, backups are tested, people know what to do",
}

// pages is where the pages for people are.
const pages = "https://github.com/docker-secrets/docker-secrets/blob/main/docs/"

// beyond is what nobody can see from here. It is never counted as passed.
//
//nolint:gochecknoglobals // a table, never written
var beyond = []Unchecked{
	{Line: 10, What: "audit logging of the secret manager", Link: pages + "guide.md#audit"},
	{Line: 10, What: "backups of the secrets, and that they can be restored", Link: pages + "guide.md#backup"},
	{Line: 10, What: "whether the people who need it know how to rotate a secret that leaked", Link: pages + "guide.md#when-a-secret-leaked"},
}

// Unchecked is something that cannot be checked from here.
type Unchecked struct {
	Line int
	What string
	Link string // the page that helps, "" for none
}

// Mark is what became of a line of the guide.
type Mark string

// The marks. A line is passed only if everything that belongs to it was looked at, there
// was something to look at, and nothing was found.
const (
	Passed    Mark = "✓"
	Failed    Mark = "✗"
	NotLooked Mark = "–"
)

// Answer is the answer to one line of the guide.
type Answer struct {
	Line     int
	Text     string
	Mark     Mark
	Errors   int
	Warnings int
	Known    int // findings that the baseline has; they count for the mark
}
