package swarm

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	types "github.com/docker/docker/api/types/swarm"
	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/secret"
)

func createPlan(value string) Plan {
	return Plan{Stack: "app", Ops: []Op{{Type: OpCreate, Name: "pw", Secret: "pw", version: 1, value: secret.NewValue(value)}}}
}

// stored is a fake Swarm's only secret.
func stored(labels map[string]string) []types.Secret {
	return []types.Secret{
		{ID: "id-pw", Meta: types.Meta{Version: types.Version{Index: 9}}, Spec: types.SecretSpec{Annotations: types.Annotations{Name: "pw", Labels: labels}}},
		{ID: "id-pw2", Spec: types.SecretSpec{Annotations: types.Annotations{Name: "pw2"}}},
	}
}

// After a create that failed, Apply must look first and not create twice.
func TestApplyLooksAfterFailedCreate(t *testing.T) {
	mine := Owner{"app", "pw", 1}.labels()
	conflict := daemonError("rpc error: code = AlreadyExists desc = secret pw already exists")
	closing := daemonError("rpc error: code = Unavailable desc = transport is closing")
	for _, tt := range []struct {
		name    string
		first   error
		there   []types.Secret
		answer  string
		creates int
		err     string
	}{
		{name: "no error", creates: 1},
		{name: "it had happened", first: closing, there: stored(mine), answer: answerEqual, creates: 1},
		{name: "it had not happened", first: closing, creates: 2},
		{name: "the daemon repeated it", first: conflict, there: stored(mine), answer: answerEqual, creates: 1},
		{name: "somebody else's", first: conflict, there: stored(nil), creates: 1, err: "create secret pw: another client just created it; run the same command again"},
		{name: "another value", first: conflict, there: stored(mine), answer: answerDiffers, creates: 1, err: "create secret pw: another client just created it; run the same command again"},
		{name: "refused", first: daemonError("no space"), creates: 1, err: "create secret pw: Error response from daemon: no space"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				creates := 0
				api := &fakeAPI{
					t: t,
					secretCreate: func(spec types.SecretSpec) error {
						if diff := cmp.Diff(mine, spec.Labels); diff != "" || string(spec.Data) != "one" {
							t.Errorf("labels (-want +got):\n%s", diff)
						}
						if creates++; creates == 1 {
							return tt.first
						}
						return nil
					},
					secretList: func() ([]types.Secret, error) { return tt.there, nil },
					secretUpdate: func(id string, version types.Version, _ types.SecretSpec) error {
						if id != "id-pw" || version.Index != 8 {
							t.Errorf("asked %s at %d", id, version.Index)
						}
						return daemonError(tt.answer)
					},
				}
				err := Apply(t.Context(), api, createPlan("one"))
				if (err == nil) != (tt.err == "") || err != nil && err.Error() != tt.err {
					t.Errorf("error %v, want %q", err, tt.err)
				}
				if creates != tt.creates {
					t.Errorf("%d creates, want %d", creates, tt.creates)
				}
			})
		})
	}
}

// Apply must return every error, in the plan's order, and do the rest all the same.
func TestApplyGoesOnAfterErrors(t *testing.T) {
	var plan Plan
	for name := range strings.FieldsSeq("a b c d e f g h i j k l") {
		plan.Ops = append(plan.Ops, Op{Type: OpCreate, Name: name, value: secret.NewValue("x")})
	}
	api := &fakeAPI{t: t, secretCreate: func(spec types.SecretSpec) error {
		if spec.Name == "b" || spec.Name == "k" {
			return daemonError("no")
		}
		return nil
	}}
	const want = "create secret b: Error response from daemon: no\ncreate secret k: Error response from daemon: no"
	if err := Apply(t.Context(), api, plan); err == nil || err.Error() != want {
		t.Errorf("error %v, want %q", err, want)
	}
}

// A remove must take "gone already" and "in use meanwhile" for done.
func TestRemoveTakesGoneForDone(t *testing.T) {
	for text, fails := range map[string]bool{
		"": false, "rpc error: code = InvalidArgument desc = secret 'pw' is in use by the following service: app_web": false, "no": true,
	} {
		api := &fakeAPI{t: t, secretRemove: func(id string) error {
			if id != "id-pw" {
				t.Errorf("removes %s", id)
			}
			if text == "" {
				return nil
			}
			return daemonError(text)
		}}
		err := Apply(t.Context(), api, Plan{Ops: []Op{{Type: OpRemove, Name: "pw", id: "id-pw"}}})
		if (err != nil) != fails {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// The equality question must never be asked in a form that could write or mislead.
func TestCompareNeverWrites(t *testing.T) {
	for _, tt := range []struct {
		object Object
		value  string
	}{
		{Object{ID: "id", index: 0}, "x"},
		{Object{ID: "id", index: 5}, ""},
	} {
		if _, err := askEngine(t.Context(), &fakeAPI{t: t}, tt.object, secret.NewValue(tt.value)); err == nil {
			t.Errorf("asked with index %d and %d bytes", tt.object.index, len(tt.value))
		}
	}
	api := &fakeAPI{t: t, secretUpdate: func(string, types.Version, types.SecretSpec) error { return nil }}
	if _, err := askEngine(t.Context(), api, Object{ID: "id", index: 5}, secret.NewValue("x")); err == nil {
		t.Error("an update that passed is taken for an answer")
	}
}

// Compare must stop at the version that has the value and leave the state given alone.
func TestCompareStopsAtEqualVersion(t *testing.T) {
	world := world{objects: []thing{{"pw", "app/pw/1", ""}, {"pw_v2", "app/pw/2", ""}, {"pw_v3", "app/pw/3", ""}}, uses: map[string][]string{"app_web": {"pw_v2"}}}
	state := world.state(nil)
	var asked []string
	api := &fakeAPI{t: t, secretUpdate: func(id string, _ types.Version, spec types.SecretSpec) error {
		asked = append(asked, spec.Name)
		if id == "id-pw" {
			return daemonError(answerEqual)
		}
		return daemonError(answerDiffers)
	}}
	compared, err := Compare(t.Context(), api, []Want{want("pw", "one")}, state)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"pw_v2", "pw"}, asked); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
	if len(state.answers) != 0 || len(compared.answers) != 2 {
		t.Errorf("%d answers in the given state, %d in the new", len(state.answers), len(compared.answers))
	}
	api.secretUpdate = func(string, types.Version, types.SecretSpec) error { return errors.New("no") }
	if _, err := Compare(t.Context(), api, []Want{want("pw", "one")}, state); err == nil || err.Error() != "compare pw with pw_v2: no" {
		t.Errorf("error %v", err)
	}
}
