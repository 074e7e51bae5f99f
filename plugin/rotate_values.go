package plugin

import (
	"context"
	"crypto/rand"
	"fmt"
	"math/big"
	"os"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source"
)

// values fills in the wants, one way for all.
func (r *rotation) values(ctx context.Context) error {
	for i := range r.wants {
		want := &r.wants[i]
		var err error
		switch {
		case r.options.stdin:
			want.Value, err = readValue(ctx, r.cli, want.Name)
			want.From = "stdin"
		case r.options.from != "":
			want.Value, err = r.resolve(ctx)
			want.From = r.options.from
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

// resolve is the value of --from.
func (r *rotation) resolve(ctx context.Context) (secret.Value, error) {
	ref, err := secret.ParseReference(r.options.from)
	if err != nil {
		return secret.Value{}, fmt.Errorf("--from: %w", err)
	}
	dir, err := r.base()
	if err != nil {
		return secret.Value{}, err
	}
	local := source.Local{Dir: dir, Environ: os.Environ()} //nolint:forbidigo // where values may come from
	result := source.Resolve(ctx, local.Systems(), []secret.Reference{ref})[0]
	if result.Err != nil {
		return secret.Value{}, fmt.Errorf("--from: %w", result.Err)
	}
	return result.Value, nil
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
