package plugin

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"os"

	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// values returns the new values of the secrets called names, in order, all found in one
// way.
func (r *rotation) values(ctx context.Context, file stackfile.Stack, names []string) ([]answer, error) {
	if r.options.from != "" {
		return r.lookUp(ctx, file, names)
	}
	var answers []answer
	for _, name := range names {
		value, place, err := r.newValue(ctx, name)
		if err != nil {
			return nil, err
		}
		answers = append(answers, answer{Result: store.Result{Value: value}, places: place})
	}
	return answers, nil
}

// newValue reads or generates the value of the secret of that name, and says from
// where.
func (r *rotation) newValue(ctx context.Context, name string) (value secret.Value, place string, err error) {
	switch {
	case r.options.stdin:
		value, err = readValue(ctx, r.cli, name)
		return value, "stdin", err
	case r.options.generate > 0:
		value, err = generate(r.options.generate)
		return value, "--generate", err
	}
	value, err = askValue(ctx, r.cli, name)
	return value, "the terminal", err
}

// lookUp takes the values from --from: one reference, or a base that has them all.
func (r *rotation) lookUp(ctx context.Context, file stackfile.Stack, names []string) ([]answer, error) {
	base := r.options.from
	if _, err := source.ParseBase(base); err != nil {
		base = ""
	}
	workingDir, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	f, err := newFinder(file, workingDir, nil, base)
	if err != nil {
		return nil, err
	}
	var from []secret.Reference
	if base == "" {
		ref, fault := secret.ParseReference(r.options.from)
		if fault != nil {
			return nil, fmt.Errorf("--from: %w", fault)
		}
		from = []secret.Reference{ref}
	}
	var lookups []lookup
	for _, name := range names {
		lookups = append(lookups, lookup{name: name, below: true, from: from})
	}
	endWait := r.tell.pulse.waits("the values of the secrets")
	answers, err := f.all(ctx, lookups)
	endWait()
	faults := []error{err}
	for i, answer := range answers {
		if errors.Is(answer.Err, store.ErrNotFound) {
			faults = append(faults, fmt.Errorf("--from: %s: %s", names[i], answer.nowhere()))
		}
	}
	return answers, errors.Join(faults...)
}

// alphabet has nothing that a shell, a URL or a configuration file reads as more
// than itself.
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

// generate makes a value of length letters and digits, each as likely as any other.
func generate(length int) (secret.Value, error) {
	text := make([]byte, length)
	for i := range text {
		n, err := rand.Int(rand.Reader, big.NewInt(int64(len(alphabet))))
		if err != nil {
			return secret.Value{}, fmt.Errorf("no randomness: %w", err)
		}
		text[i] = alphabet[n.Int64()]
	}
	return secret.NewValue(string(text)), nil
}
