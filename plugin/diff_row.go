package plugin

import (
	"errors"

	"github.com/docker/cli/cli/command/formatter"

	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/source"
	"github.com/docker-secrets/docker-secrets/source/store"
	"github.com/docker-secrets/docker-secrets/swarm"
)

// versionState compares the version that runs with the manager's newest.
type versionState string

const (
	versionCurrent versionState = "current"
	versionNewer   versionState = "newer"
	versionGone    versionState = "gone"
	versionUnknown versionState = "unknown"
	versionError   versionState = "error"
)

// diffRow is one secret in use.
type diffRow struct {
	secret   string
	name     string // on the Swarm
	deployed swarm.Source
	newest   string
	state    versionState
}

// diffRows returns the stack's secrets that come from a secret manager, sorted: as deploy
// recorded it, or as file says if deploy recorded nothing.
func diffRows(state swarm.State, file stackfile.Stack) []*diffRow {
	managed := map[string]string{}
	for _, object := range file.Objects {
		if !object.Config && len(object.From) == 1 && source.HasVersions(object.From[0]) {
			managed[object.Name] = object.From[0].String()
		}
	}
	var rows []*diffRow
	for _, name := range state.SecretNames() {
		object, runs := inUse(state, name)
		row := &diffRow{secret: name, name: object.Name, deployed: object.Source}
		if row.deployed.Reference == "" {
			row.deployed.Reference = managed[name]
		}
		if runs && row.deployed.Reference != "" {
			rows = append(rows, row)
		}
	}
	return rows
}

// inUse returns the newest version of the secret called name that a service uses; false
// if there is none.
func inUse(state swarm.State, name string) (swarm.Object, bool) {
	for _, object := range state.Versions(name) {
		if len(state.Users(object)) > 0 {
			return object, true
		}
	}
	return swarm.Object{}, false
}

// answer sets the row's newest version and state from what the manager said. It returns
// the manager's error; a secret that is gone there is a state and no error.
func (r *diffRow) answer(result store.Result) error {
	switch {
	case errors.Is(result.Err, store.ErrNotFound):
		r.state = versionGone
	case result.Err != nil:
		r.state = versionError
		return result.Err
	case result.Version == "" || r.deployed.Version == "":
		r.newest, r.state = result.Version, versionUnknown
	case result.Version == r.deployed.Version:
		r.newest, r.state = result.Version, versionCurrent
	default:
		r.newest, r.state = result.Version, versionNewer
	}
	return nil
}

// diffContext is a row for the docker CLI's templates, which call its methods.
type diffContext struct {
	formatter.HeaderContext

	row *diffRow
}

func newDiffContext(row *diffRow) *diffContext {
	c := &diffContext{row: row}
	c.Header = formatter.SubHeaderContext{
		"Secret": "SECRET", "Name": formatter.NameHeader, "Deployed": "DEPLOYED", "Newest": "NEWEST", "State": "STATE", "Source": "SOURCE",
	}
	return c
}

// MarshalJSON returns what {{json .}} writes: every method's result by its name.
func (c *diffContext) MarshalJSON() ([]byte, error) { return formatter.MarshalJSON(c) }

// Secret returns the name in the stack file.
func (c *diffContext) Secret() string { return c.row.secret }

// Name returns the name on the Swarm of the version that runs.
func (c *diffContext) Name() string { return c.row.name }

// Deployed returns the manager's version that runs.
func (c *diffContext) Deployed() string { return c.row.deployed.Version }

// Newest returns the manager's newest version.
func (c *diffContext) Newest() string { return c.row.newest }

// State returns current, newer, gone, unknown or error.
func (c *diffContext) State() string { return string(c.row.state) }

// Source returns where the value comes from.
func (c *diffContext) Source() string { return c.row.deployed.Reference }
