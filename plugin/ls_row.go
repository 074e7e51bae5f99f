package plugin

import (
	"strconv"
	"strings"
	"time"

	"github.com/docker/cli/cli/command/formatter"
	"github.com/docker/go-units"

	"github.com/docker-secrets/docker-secrets/plugin/screen"
	"github.com/docker-secrets/docker-secrets/swarm"
)

// listContext is a row for the docker CLI's templates, which call its methods.
type listContext struct {
	formatter.HeaderContext

	row listRow
}

func newListContext(row listRow) *listContext {
	c := &listContext{row: row}
	c.Header = formatter.SubHeaderContext{
		"ID": "ID", "Name": formatter.NameHeader, "Secret": "SECRET", "Version": "VERSION", "Stack": "STACK",
		"CreatedAt": "CREATED", "Services": "SERVICES", "Users": "SERVICES", "State": "STATE", "Source": "SOURCE",
	}
	return c
}

// MarshalJSON returns what {{json .}} writes: every method's result by its name.
func (c *listContext) MarshalJSON() ([]byte, error) { return formatter.MarshalJSON(c) }

// ID returns the secret's ID on the Swarm, "" for one that is missing.
func (c *listContext) ID() string { return c.row.ID }

// Name returns the secret's name on the Swarm.
func (c *listContext) Name() string { return c.row.Name }

// Secret returns its name in the stack file.
func (c *listContext) Secret() string { return c.row.Owner.Secret }

// Version counts from 1; it is "" for what we did not create.
func (c *listContext) Version() string {
	if c.row.Owner.Version == 0 {
		return ""
	}
	return strconv.Itoa(c.row.Owner.Version)
}

// Stack returns the stack that the secret was made for.
func (c *listContext) Stack() string { return c.row.Owner.Stack }

// CreatedAt returns the age in docker's words.
func (c *listContext) CreatedAt() string {
	if c.row.Usage == swarm.Missing {
		return ""
	}
	return units.HumanDuration(time.Now().UTC().Sub(c.row.CreatedAt)) + " ago"
}

// Services returns the services that use it.
func (c *listContext) Services() string { return strings.Join(c.row.services(), ", ") }

// Users returns the services that use it, as many as fit into a line of the table.
func (c *listContext) Users() string {
	return strings.ReplaceAll(fitted(c.row.services(), 24), screen.NoBreak, " ")
}

// State returns in use, previous, unused, missing or foreign.
func (c *listContext) State() string { return string(c.row.Usage) }

// Source returns where the stack file says that the value comes from.
func (c *listContext) Source() string { return c.row.source }
