package swarm

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"

	types "github.com/docker/docker/api/types/swarm"

	"github.com/docker-secrets/docker-secrets/secret"
)

// The Engine's two answers to the equality question.
const (
	answerEqual   = "update out of sequence"
	answerDiffers = "only updates to Labels are allowed"
)

// Compare asks, for each want whose value was found, which of the versions on the
// Swarm has that value, and returns state with the answers; state is not
// changed. It writes nothing. Wants with a fault of their own are not asked for,
// NewPlan reports them.
//
// The Engine compares for us: an update of a secret is first checked for its
// data, which must be the stored one, and then for the version index that it
// supersedes. With an index that is too old, both outcomes are refusals, and the
// text tells which. The Swarm needs no hash for that, which a weak password would
// not survive.
func Compare(ctx context.Context, api API, wants []Want, state State) (State, error) {
	found := make([]map[question]bool, len(wants))
	err := forEach(ctx, len(wants), func(ctx context.Context, i int) error {
		var err error
		if wants[i].Found && wants[i].check() == nil {
			found[i], err = compareWant(ctx, api, wants[i], state)
		}
		return err
	})
	if err != nil {
		return State{}, explain(err, api)
	}
	state.answers = map[question]bool{}
	for _, answers := range found {
		maps.Copy(state.answers, answers)
	}
	return state, nil
}

// compareWant asks the Engine about the candidates in order, until one has the value.
func compareWant(ctx context.Context, api API, want Want, state State) (map[question]bool, error) {
	answers := map[question]bool{}
	for i, object := range state.candidates(want) {
		if i == 0 && object.ID == want.Known && object.Kind == Secret && !want.Share && !want.Template && !object.Template {
			answers[question{want.Kind, want.Name, object.ID}] = true // a secret's data never changes
			break
		}
		equal, err := sameValue(ctx, api, object, want.Value)
		if err != nil {
			return nil, fmt.Errorf("compare %s with %s: %w", want.Name, object.Name, err)
		}
		equal = equal && object.Template == want.Template
		answers[question{want.Kind, want.Name, object.ID}] = equal
		if equal && !want.Share { // shared or not depends on each of them
			break
		}
	}
	return answers, nil
}

// sameValue reports whether object holds exactly value.
func sameValue(ctx context.Context, api API, object Object, value secret.Value) (bool, error) {
	if object.Kind == Config {
		return bytes.Equal(object.data, []byte(value.Reveal())), nil
	}
	return retry(ctx, func(ctx context.Context) (bool, error) { return askEngine(ctx, api, object, value) })
}

// askEngine asks the equality question. Two things make it a write or a wrong
// answer, so they are refused here: the current index, and empty data, which the
// Engine takes for "unchanged".
func askEngine(ctx context.Context, api API, object Object, value secret.Value) (bool, error) {
	if object.index == 0 || value.Empty() {
		return false, errors.New("there is nothing to compare")
	}
	err := api.SecretUpdate(ctx, object.ID, types.Version{Index: object.index - 1}, types.SecretSpec{
		Annotations: types.Annotations{Name: object.Name, Labels: object.labels},
		Data:        []byte(value.Reveal()),
	})
	switch {
	case err == nil:
		// The labels and the name are the object's own, so nothing changed.
		return false, errors.New("the Engine accepted an outdated update; this Engine cannot compare secret values")
	case strings.Contains(err.Error(), answerEqual):
		return true, nil
	case strings.Contains(err.Error(), answerDiffers):
		return false, nil
	}
	return false, err
}
