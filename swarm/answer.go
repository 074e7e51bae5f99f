package swarm

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/docker/docker/client"

	"github.com/docker-secrets/docker-secrets/internal/lazyregexp"
)

// Answers of the Engine, and of a docker CLI that repeats them, whose status does not tell
// whether the same call may pass later: 500 and 503 are for both.

// passing says when an answer passes.
type passing int

const (
	notAtAll   passing = iota
	always             // a Swarm that elects a leader, a manager that restarts
	onceSeen           // a daemon that stops, if it was a manager when the run began
	afterStack         // what docker stack rm still removes; only docker stack deploy meets it
)

// answer is a text of the Engine, where it was seen, and what it means.
type answer struct {
	text lazyregexp.Regexp
	when passing
	err  error  // that says what to do, if the answer does not pass; or nil
	why  string // for people who wait; "" for the answer's own text
}

// answers are judged in order. Seen on Engines 20.10 and 29.
//
//nolint:gochecknoglobals // a table, never written
var answers = []answer{
	{lazyregexp.New(`Worker nodes can't be used to view or modify cluster state`), notAtAll, errWorker, ""},
	{lazyregexp.New(`Swarm is encrypted and needs to be unlocked`), notAtAll, errLocked, ""},
	// A dockerd of 20.10 says so while it stops.
	{lazyregexp.New(`Use "docker swarm init" or "docker swarm join"`), onceSeen, errNoSwarm, "the daemon restarts"},
	{lazyregexp.New(`context deadline exceeded`), always, nil, "the swarm has no leader; too few managers may be online"},
	{lazyregexp.New(`The swarm does not have a leader`), always, nil, "the swarm has no leader; too few managers may be online"},
	{lazyregexp.New(`node lost leader status`), always, nil, "the swarm has no leader; too few managers may be online"},
	{lazyregexp.New(`Manager is being prepared or has trouble connecting to the cluster`), always, nil, "the swarm has no leader; too few managers may be online"},
	{lazyregexp.New(`code = Unavailable`), always, nil, "a manager of the swarm cannot be reached"},
	{lazyregexp.New(`code = Canceled`), onceSeen, nil, "the daemon restarts"},
	{lazyregexp.New(`transport is closing`), always, nil, "a manager of the swarm cannot be reached"},
	{lazyregexp.New(`stream terminated by RST_STREAM`), always, nil, "a manager of the swarm cannot be reached"},
	// The client's own words for a connection that breaks. It gives them no type.
	{lazyregexp.New(`Cannot connect to the Docker daemon|connection refused|connection reset by peer|broken pipe|error during connect|\bEOF$`), onceSeen, nil, "the daemon does not answer"},
	// docker stack rm removes networks for seconds after it has ended.
	{lazyregexp.New(`network \S+ not found`), afterStack, nil, "docker stack rm still removes what the stack had"},
	{lazyregexp.New(`update out of sequence`), afterStack, nil, "a service changes meanwhile"},
}

// answerTo returns the row of answers that err is, or nil.
func answerTo(err error) *answer {
	text := strings.TrimSpace(err.Error())
	for i := range answers {
		if answers[i].text().MatchString(text) {
			return &answers[i]
		}
	}
	return nil
}

// errAgain marks an error after which a call is tried again although its text
// does not ask for it.
var errAgain = errors.New("try again")

// transient reports whether the same call may pass later. It is for calls after a first
// success: a connection that fails then is a daemon that restarts.
func transient(err error) bool {
	if errors.Is(err, errAgain) || client.IsErrConnectionFailed(err) || errors.Is(err, context.DeadlineExceeded) {
		return true
	}
	known := answerTo(err)
	return known != nil && (known.when == always || known.when == onceSeen)
}

// cliTransient reports whether a docker stack deploy that ended with err may succeed later.
func cliTransient(err error) bool {
	known := answerTo(err)
	return transient(err) || known != nil && known.when == afterStack
}

// outsideTimeout is how long a daemon that was a manager may say that it is in no Swarm.
const outsideTimeout = time.Minute

// errLeft is for a daemon that goes on saying so.
var errLeft = errors.New("the daemon left the swarm while this command ran")

// isOutside reports whether err is the answer of a daemon that is in no Swarm.
func isOutside(err error) bool {
	known := answerTo(err)
	return errors.Is(err, errNoSwarm) || known != nil && errors.Is(known.err, errNoSwarm)
}
