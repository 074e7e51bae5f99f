package e2e

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The shell must be offered the stacks that have secrets of ours, and then the
// secrets of that one by the names that a stack file has, whatever their versions.
func TestShellCompletesStacksAndSecrets(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, one := range []struct{ swarm, stack, name, version string }{
		{"complete_b_v2", "complete", "b", "2"}, {"complete_a", "complete", "a", "1"}, {"complete_b", "complete", "b", "1"}, {"completer_c", "completer", "c", "1"},
	} {
		t.Cleanup(func() { _ = r.command(context.Background(), r.engine.Host, "secret", "rm", one.swarm).Run() })
		got := r.input("some-value-81", "secret", "create", "--label", "com.docker-secrets.stack="+one.stack,
			"--label", "com.docker-secrets.name="+one.name, "--label", "com.docker-secrets.version="+one.version, one.swarm, "-")
		r.says(got, 0)
	}
	for _, tt := range []struct{ typed, want string }{
		{"rotate compl", "complete completer"},
		{"rotate complete ", "a b"},
		{"rotate complete a ", "a b"},
		{"rotate nowhere ", ""},
		{"deploy complete", "complete completer"},
		{"prune compl", "complete completer"},
		{"prune complete ", ""},
		{"ls compl", "complete completer"},
		{"rotate complete a --bef", "--before"},
	} {
		typed := strings.Split(tt.typed, " ")
		var words []string
		for line := range strings.Lines(r.must(append([]string{"__complete", "secrets"}, typed...)...).stdout) {
			word, _, _ := strings.Cut(strings.TrimSpace(line), "\t")
			// The shell shows what starts as the last word; the line with the colon is for it.
			if !strings.HasPrefix(word, ":") && strings.HasPrefix(word, typed[len(typed)-1]) {
				words = append(words, word)
			}
		}
		if diff := cmp.Diff(tt.want, strings.Join(words, " ")); diff != "" {
			t.Errorf("%s (-want +got)\n%s", tt.typed, diff)
		}
	}
}
