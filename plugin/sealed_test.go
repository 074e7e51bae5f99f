package plugin

import (
	"hash/fnv"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/internal/sample"
)

// shapes are the forms that a canary takes: each asterisk is a random letter or
// digit. The later ones mean something to YAML, to env files or to Compose where
// they stand, so that some of the files do not load any more.
var shapes = map[string]string{
	"letters": "********************",
	"number":  "1********",
	"dollar":  "*******$**********",
	"braces":  "*******${*********",
	"double":  "********\"*********",
	"single":  "********'*********",
	"blank":   "******** *********",
	"url":     "******:*******@******/*******",
	"comment": "******* #*********",
	"lines":   "**********\n**********",
	"short":   "******",
}

// unsealable is where a part of the shape is no part of the secret any more, for
// anybody.
var unsealable = map[string]string{
	"refuse-env-file-line/url": "to an env file a line with a colon is NAME: VALUE",
	"shell-default/url":        "an @ or a / that is not escaped ends a URL's password",
	"shell-default/braces":     "a ${ in a shell's default is another expansion, which is never closed",
	"credentials/blank":        "a blank in a command begins another word",
}

// shapesOfRun is how many shapes a case is tried with in a run that does not take
// the whole.
const shapesOfRun = 3

// minLeak is how much of a secret may not be shown.
const minLeak = 6

// No secret, nor a part of one, may be in anything that migrate writes or says,
// wherever the secret stands, whatever it looks like, and whether or not the
// application loads. With secrets of letters and digits the output must not
// depend on them at all.
func TestNothingShowsASecret(t *testing.T) {
	for _, c := range goldenCases(t) {
		t.Run(c.name, func(t *testing.T) {
			for _, name := range sample.Of(t, slices.Sorted(maps.Keys(shapes)), shapesOfRun) {
				t.Run(name, func(t *testing.T) {
					if reason, ok := unsealable[c.name+"/"+name]; ok {
						t.Skip(reason)
					}
					planted, canaries := c.plant(t, shapes[name])
					said := planted.everything(t)
					for i, canary := range canaries {
						if part := leak(said, canary); part != "" {
							t.Errorf("%d bytes of secret %d are shown", len(part), i+1)
						}
					}
					if name == "letters" {
						c.sameAs(t, planted)
					}
				})
			}
		})
	}
}

// plant replaces each secret of c by a canary of the shape.
func (c goldenCase) plant(t *testing.T, shape string) (planted goldenCase, canaries []string) {
	t.Helper()
	random := randomFor(c.name + shape)
	planted = c
	planted.files, planted.environ = map[string]string{}, nil
	var pairs []string
	for _, text := range c.secrets {
		canary := grow(random, shape)
		canaries = append(canaries, canary)
		pairs = append(pairs, text, canary)
	}
	replacer := strings.NewReplacer(pairs...)
	for name, text := range c.files {
		planted.files[name] = replacer.Replace(text)
	}
	for _, pair := range c.environ {
		planted.environ = append(planted.environ, replacer.Replace(pair))
	}
	for _, text := range c.secrets {
		for name, content := range planted.files {
			if strings.Contains(content, text) {
				t.Fatalf("%s still holds a secret of the case", name)
			}
		}
	}
	return planted, canaries
}

// randomFor gives the same canaries in every run.
func randomFor(seed string) *rand.Rand {
	sum := fnv.New64a()
	_, _ = sum.Write([]byte(seed))
	return rand.New(rand.NewPCG(sum.Sum64(), 1))
}

func grow(random *rand.Rand, shape string) string {
	const alphabet = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ123456789"
	var b strings.Builder
	for _, r := range shape {
		if r == '*' {
			r = rune(alphabet[random.IntN(len(alphabet))])
		}
		b.WriteRune(r)
	}
	return b.String()
}

// everything is all that migrate says about the case and writes for it.
func (c goldenCase) everything(t *testing.T) string {
	t.Helper()
	dir := c.unpack(t)
	shown := execute(t, dir, c.environ, c.command("--diff")...)
	written := execute(t, dir, c.environ, c.command("--format", "json")...)
	all := []string{shown.stdout, shown.stderr, written.stdout, written.stderr}
	for name, text := range tree(t, dir) {
		if before, ok := c.files[name]; !ok || before != text {
			all = append(all, name, text)
		}
	}
	return strings.Join(all, "\n")
}

// leak is the first part of canary of at least minLeak bytes that stands in said,
// in whatever case.
func leak(said, canary string) string {
	said, canary = strings.ToLower(said), strings.ToLower(canary)
	for i := 0; i+minLeak <= len(canary); i++ {
		if !strings.Contains(said, canary[i:i+minLeak]) {
			continue
		}
		for end := len(canary); end >= i+minLeak; end-- {
			if strings.Contains(said, canary[i:end]) {
				return canary[i:end]
			}
		}
	}
	return ""
}

var ruleLine = regexp.MustCompile(`(?m)^ *"rule": ".*",\n`)

// withoutRules is got without the names of the rules, which may be one about the
// value's shape for one secret and one about the name for another.
func withoutRules(got map[string]string) map[string]string {
	out := map[string]string{}
	for name, text := range got {
		out[name] = ruleLine.ReplaceAllString(text, "")
	}
	return out
}

// sameAs fails unless planted gives what c wants.
func (c goldenCase) sameAs(t *testing.T, planted goldenCase) {
	t.Helper()
	dir := planted.unpack(t)
	got, _ := planted.migrate(t, dir)
	if diff := cmp.Diff(withoutRules(c.want), withoutRules(got)); diff != "" {
		t.Errorf("the output depends on the secrets (-theirs +others)\n%s", diff)
	}
}
