package swarm

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"hash/fnv"
	"strconv"
	"time"

	types "github.com/docker/docker/api/types/swarm"

	"github.com/docker-secrets/docker-secrets/secret"
)

// Labels of a lock.
const (
	labelLock    = "com.docker-secrets.lock"         // the stack
	labelHolder  = "com.docker-secrets.lock.holder"  // for people
	labelProcess = "com.docker-secrets.lock.process" // tells whether a holder on this machine is dead
	labelNonce   = "com.docker-secrets.lock.nonce"   // tells one's own lock
	labelBeat    = "com.docker-secrets.lock.beat"    // counts the renewals
)

// A holder renews its lock every lockBeat. One that was not renewed for lockLease
// is nobody's: longer than a Swarm takes to elect a leader, when nobody can renew
// anything. Who waits measures that on its own clock, the machines' may differ.
const (
	lockBeat  = 3 * time.Second
	lockLease = 45 * time.Second
)

// LockedError says who holds the lock of the stack.
type LockedError struct {
	Stack  string
	Holder string
	Since  time.Time // by the Swarm's clock
}

func (e *LockedError) Error() string {
	return fmt.Sprintf("stack %s is being deployed by %s since %s; wait for its end, a stale lock expires after %s",
		e.Stack, e.Holder, e.Since.UTC().Format(time.RFC3339), lockLease)
}

var errLockLost = errors.New("the lock of the stack was lost: another client took it, or it could not be renewed; run the same command again")

// Lock lets one deploy of stack run at a time. It returns a context for the work,
// which ends with ctx, with unlock, and with the loss of the lock, and the
// function that ends the lock. who is the holder as people know it: alice@build-7.
//
// The lock is a config of a fixed name. A lock whose holder died is taken over:
// at once when it died on this machine, else after 45 seconds without renewal.
// One whose holder lives is a *LockedError, after a few seconds at most.
func Lock(ctx context.Context, api API, stack, who string) (work context.Context, unlock func() error, err error) {
	l := &lock{api: api, stack: stack, name: lockName(stack), labels: map[string]string{
		labelLock: stack, labelHolder: who, labelProcess: processIdentity(), labelNonce: rand.Text(),
	}}
	if err := l.acquire(ctx); err != nil {
		return nil, nil, explain(err, api)
	}
	work, cancel := context.WithCancelCause(ctx)
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		if err := l.hold(work); err != nil {
			cancel(err)
		}
	}()
	return work, func() error {
		cancel(context.Canceled)
		<-stopped
		return l.release(ctx)
	}, nil
}

type lock struct {
	api    API
	stack  string
	name   string
	labels map[string]string
	beats  int
}

// lockName returns the config's name, shortened to Swarm's limit.
func lockName(stack string) string {
	name := "docker-secrets." + stack + ".lock"
	if len(name) <= secret.MaxNameLen {
		return name
	}
	sum := fnv.New64a()
	_, _ = sum.Write([]byte(stack))
	return fmt.Sprintf("docker-secrets.%.20s.%x.lock", stack, sum.Sum64())
}

// acquire creates the lock, as soon as there is no lock whose holder may live.
func (l *lock) acquire(ctx context.Context) error {
	var seen sighting
	for {
		mine, other, err := l.tryCreate(ctx)
		if err != nil || mine {
			return err
		}
		switch seen.judge(other) {
		case holderLives:
			return &LockedError{Stack: l.stack, Holder: other.labels[labelHolder], Since: other.CreatedAt}
		case holderDied:
			// By its ID: a lock that somebody else took meanwhile has another one.
			if err := remove(ctx, l.api, Op{Kind: Config, id: other.ID}); err != nil {
				return fmt.Errorf("remove the lock of a dead deploy: %w", err)
			}
		case holderUnknown:
			if other.ID != "" {
				because(ctx, fmt.Sprintf("%s holds it and may have died; it is free %s after its last sign of life", other.labels[labelHolder], lockLease))
			}
			if !sleep(ctx, lockBeat/6) {
				return context.Cause(ctx)
			}
		}
	}
}

// sighting is the lock in the way as it was seen first.
type sighting struct {
	lock Object
	at   time.Time
}

type holder int

const (
	holderUnknown holder = iota
	holderLives
	holderDied
)

// judge returns what is known of the holder of the lock now seen. The zero Object is a
// lock that has gone since.
func (s *sighting) judge(now Object) holder {
	same := now.ID == s.lock.ID && now.index == s.lock.index
	switch {
	case now.ID == "":
		return holderUnknown
	case processDied(now.labels[labelProcess]):
		return holderDied
	case processLives(now.labels[labelProcess]):
		return holderLives
	case s.lock.ID == "":
		*s = sighting{now, time.Now()}
		return holderUnknown
	case !same:
		return holderLives
	case time.Since(s.at) >= lockLease:
		return holderDied
	}
	return holderUnknown
}

// tryCreate creates the lock, or returns the one that is in the way. As with
// every create, an error does not say that it did not happen.
func (l *lock) tryCreate(ctx context.Context) (mine bool, other Object, err error) {
	_, err = retry(ctx, func(ctx context.Context) (done struct{}, err error) {
		_, err = l.api.ConfigCreate(ctx, l.spec())
		if err == nil {
			mine, other = true, Object{}
			return done, nil
		}
		if !isConflict(err) && !transient(err) {
			return done, err
		}
		found, exists, lookErr := lookUp(ctx, l.api, Config, l.name)
		switch {
		case lookErr != nil:
			return done, lookErr
		case !exists && !isConflict(err):
			return done, err
		}
		other, mine = found, exists && found.labels[labelNonce] == l.labels[labelNonce]
		return done, nil
	})
	if err != nil {
		return false, Object{}, fmt.Errorf("lock stack %s: %w", l.stack, err)
	}
	return mine, other, nil
}

func (l *lock) spec() types.ConfigSpec {
	l.labels[labelBeat] = strconv.Itoa(l.beats)
	return types.ConfigSpec{
		Annotations: types.Annotations{Name: l.name, Labels: l.labels},
		Data:        []byte("A deploy of this stack is under way. docker secrets removes this config at its end.\n"),
	}
}

// hold renews the lock until ctx ends. It fails when the lock is lost.
func (l *lock) hold(ctx context.Context) error {
	renewed := time.Now()
	for sleep(ctx, lockBeat) {
		err := l.renew(ctx)
		switch {
		case ctx.Err() != nil:
			return nil //nolint:nilerr // the work is over, a renewal that it interrupted says nothing
		case err == nil:
			renewed = time.Now()
		case errors.Is(err, errLockLost), time.Since(renewed) > lockLease-2*lockBeat:
			return errLockLost
		}
	}
	return nil
}

func (l *lock) renew(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, lockLease-3*lockBeat)
	defer cancel()
	object, found, err := lookUp(ctx, l.api, Config, l.name)
	if err != nil {
		return err
	}
	if !found || object.labels[labelNonce] != l.labels[labelNonce] {
		return errLockLost
	}
	l.beats++
	return l.api.ConfigUpdate(ctx, object.ID, types.Version{Index: object.index}, l.spec())
}

// release removes the lock, also when ctx has ended, unless it is another's now.
func (l *lock) release(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lockLease)
	defer cancel()
	_, err := retry(ctx, func(ctx context.Context) (done struct{}, err error) {
		object, found, err := lookUp(ctx, l.api, Config, l.name)
		if err != nil || !found || object.labels[labelNonce] != l.labels[labelNonce] {
			return done, err
		}
		return done, remove(ctx, l.api, Op{Kind: Config, id: object.ID})
	})
	if err != nil {
		return fmt.Errorf("unlock stack %s: %w", l.stack, err)
	}
	return nil
}
