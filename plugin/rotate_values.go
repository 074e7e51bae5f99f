package plugin

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"os"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// values fills in the wants, one way for all.
func (r *rotation) values(ctx context.Context) error {
	if r.options.from != "" {
		return r.lookUp(ctx)
	}
	for i := range r.wants {
		want := &r.wants[i]
		var err error
		switch {
		case r.options.stdin:
			want.Value, err = readValue(ctx, r.cli, want.Name)
			want.From = "stdin"
		case r.options.generate > 0:
			want.Value, err = generate(r.options.generate)
			want.From = "--generate"
		default:
			want.Value, err = askValue(ctx, r.cli, want.Name)
			want.From = "the terminal"
		}
		if err != nil {
			return err
		}
		want.Found = true
	}
	return nil
}

// lookUp takes the values from --from: one reference, or a base that has them all.
func (r *rotation) lookUp(ctx context.Context) error {
	base := r.options.from
	if _, err := source.ParseBase(base); err != nil {
		base = ""
	}
	workingDir, err := os.Getwd()
	if err != nil {
		return err
	}
	places, err := newLookup(r.file, workingDir, nil, base)
	if err != nil {
		return err
	}
	var what []sought
	for _, want := range r.wants {
		one := sought{name: want.Name, below: true}
		if base == "" {
			ref, fault := secret.ParseReference(r.options.from)
			if fault != nil {
				return fmt.Errorf("--from: %w", fault)
			}
			one.from = []secret.Reference{ref}
		}
		what = append(what, one)
	}
	answers, err := places.all(ctx, what)
	faults := []error{err}
	for i, answer := range answers {
		if errors.Is(answer.Err, store.ErrNotFound) {
			faults = append(faults, fmt.Errorf("--from: %s: %s", r.wants[i].Name, answer.nowhere()))
		}
		answer.fill(&r.wants[i])
	}
	return errors.Join(faults...)
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
