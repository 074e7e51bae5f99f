package plugin

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/docker/cli/cli/command"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// clock is a manager that has nothing, and notes how long it is given.
type clock struct {
	store.Store

	given []time.Duration
}

func (c *clock) Scheme() string { return "vault" }

func (c *clock) note(ctx context.Context) {
	ends, _ := ctx.Deadline()
	c.given = append(c.given, time.Until(ends).Round(time.Minute))
}

func (c *clock) Resolve(ctx context.Context, refs []secret.Reference) []store.Result {
	c.note(ctx)
	results := make([]store.Result, len(refs))
	for i := range results {
		results[i].Err = store.ErrNotFound
	}
	return results
}

func (c *clock) Write(ctx context.Context, entries []store.Entry) []store.Result {
	c.note(ctx)
	return make([]store.Result, len(entries))
}

// The manager must have the time of --timeout to be looked into and, however long a
// person takes to say yes, again to be written to.
func TestTimeoutOfPushExcludesThePerson(t *testing.T) {
	cli, err := command.NewDockerCli(command.WithCombinedStreams(&bytes.Buffer{}))
	if err != nil {
		t.Fatal(err)
	}
	store := &clock{}
	p := &push{options: pushOptions{timeout: time.Hour}, cli: cli, tell: &teller{cli: cli}, store: store}
	base, err := source.ParseBase("vault://secret/shop-")
	if err != nil {
		t.Fatal(err)
	}
	if err = p.compare(t.Context(), base, []lookup{{name: "key"}}, make([]answer, 1)); err != nil {
		t.Fatal(err)
	}
	if err = p.write(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(store.given) != 2 || store.given[0] != time.Hour || store.given[1] != time.Hour {
		t.Errorf("the manager is given %v to be looked into and written to", store.given)
	}
}

// Two secrets that a manager's poorer names would put into one place must be
// refused by migrate --to as by push: one of them would run with the other's value.
func TestTwoSecretsInOnePlaceAreRefused(t *testing.T) {
	options := migrateOptions{to: "azurekeyvault://shop/", offline: true}
	places, err := moved(t.Context(), []string{"db-key", "db_key", "other"}, options)
	if err == nil || !strings.Contains(err.Error(), "db_key: db-key would be at azurekeyvault://shop/db-key too") {
		t.Errorf("%v, %v", places, err)
	}
}
