package plugin

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/docker-secrets/docker-secrets/internal/stamp"
	"github.com/docker-secrets/docker-secrets/swarm"
)

// ledgerOf returns what earlier deploys from here found equal on that Swarm, for a run that
// reads values from now on; nil where there is no place for it. The file is below
// ${XDG_CACHE_HOME} or ~/.cache.
func ledgerOf(host, stack, workingDir string) *stamp.Ledger {
	program, err := os.Executable()
	base, errCache := os.UserCacheDir()
	if err != nil || errCache != nil {
		return nil
	}
	name := sha256.Sum256([]byte(strings.Join([]string{host, stack, workingDir}, "\x00")))
	return stamp.Open(filepath.Join(base, "docker-secrets", "equal-1", hex.EncodeToString(name[:16])), program, time.Now())
}

// inputs are the files of which alone the values of secrets are made, by the secrets' names.
type inputs map[string][]string

// inputsOf returns those of wants, which have answers in the same order.
func inputsOf(wants []swarm.Want, answers []answer) inputs {
	files := inputs{}
	for i, want := range wants {
		if want.Kind == swarm.Secret && want.Found && answers[i].Err == nil && answers[i].Files != nil {
			files[want.Name] = answers[i].Files
		}
	}
	return files
}

// withKnown returns wants with the secrets that had their values when the files were as they
// are now: the Swarm need not be asked again about these.
func (d *deployment) withKnown(wants []swarm.Want, files inputs) []swarm.Want {
	wants = slices.Clone(wants)
	for i, want := range wants {
		if paths := files[want.Name]; want.Kind == swarm.Secret && paths != nil {
			wants[i].Known = d.ledger.Object(want.From, paths)
		}
	}
	return wants
}

// remember notes for the next deploy which secrets have the values that p's wants have.
func (d *deployment) remember(p deployProposal) {
	holders := p.plan.Holders(p.before, p.wants)
	for _, want := range p.wants {
		if want.Kind == swarm.Secret {
			d.ledger.Note(want.From, p.inputs[want.Name], holders[want.Name])
		}
	}
	d.ledger.Save()
}
