package swarm

import (
	"testing"

	types "github.com/docker/docker/api/types/swarm"
	"github.com/google/go-cmp/cmp"
)

// from is w with a value that a secret manager has as version.
func from(w Want, reference, version string) Want {
	w.Source = Source{Reference: reference, Version: version}
	return w
}

// A newer version of the very place in a secret manager that runs must be taken
// without asking, and any other changed value must not.
func TestPlanTakesNewerVersionOfManager(t *testing.T) {
	const vault, aws = "vault://secret/app#/pw", "awssecrets://app/pw"
	v1 := thing{"pw", "app/pw/1", "one"}
	running := world{[]thing{v1, {"pw_v2", "app/pw/2", "two"}}, map[string][]string{"app_web": {"pw"}}}
	for _, tt := range []struct {
		name    string
		running Source
		want    Want
		opts    Consent
		plan    string
		empty   bool
		fault   string
	}{
		{name: "new version", running: Source{vault, "4"}, want: from(want("pw", "three"), vault, "5"), plan: "create pw_v3, version 5 of vault://secret/app#/pw, from env://PW (web)\n"},
		{name: "new version that is there", running: Source{vault, "4"}, want: from(want("pw", "two"), vault, "5"), plan: "use pw_v2, has the value, pw runs, from env://PW (web)\n"},
		{name: "new version, decided to keep", running: Source{vault, "4"}, want: from(want("pw", "three"), vault, "5"), opts: Consent{Default: Keep}, plan: "keep pw, value changed, not rotated (web)\n", empty: true},
		{name: "same version", running: Source{vault, "4"}, want: from(want("pw", "one"), vault, "4"), plan: "keep pw, unchanged, from env://PW (web)\n", empty: true},
		{name: "new version, same value", running: Source{vault, "4"}, want: from(want("pw", "one"), vault, "5"), plan: "label pw, version 5 of vault://secret/app#/pw has the same value, from env://PW (web)\n"},
		{name: "same value from a manager now", want: from(want("pw", "one"), aws, "abc"), plan: "label pw, version abc of awssecrets://app/pw has the same value, from env://PW (web)\n"},
		{name: "same value from elsewhere now", running: Source{vault, "4"}, want: want("pw", "one"), plan: "label pw, its value does not come from vault://secret/app#/pw any more, from env://PW (web)\n"},
		{name: "no value here", running: Source{vault, "4"}, want: want("pw", ""), plan: "keep pw, value not available here (web)\n", empty: true},
		{name: "another place", running: Source{vault, "4"}, want: from(want("pw", "three"), aws, "abc"), plan: "change pw, needs --rotate, from env://PW (web)\n", fault: "pw: the value differs from the running pw; deploy with --rotate to change it"},
		{name: "from a manager at first", want: from(want("pw", "three"), vault, "5"), plan: "change pw, needs --rotate, from env://PW (web)\n", fault: "pw: the value differs from the running pw; deploy with --rotate to change it"},
		{name: "same version, another value", running: Source{vault, "4"}, want: from(want("pw", "three"), vault, "4"), plan: "change pw, needs --rotate, from env://PW (web)\n", fault: "pw: the value differs from the running pw; deploy with --rotate to change it"},
		{name: "development .env", running: Source{vault, "4"}, want: want("pw", "three"), plan: "change pw, needs --rotate, from env://PW (web)\n", fault: "pw: the value differs from the running pw; deploy with --rotate to change it"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			wants := []Want{tt.want}
			state := running.state(wants)
			state.Objects[0].Source = tt.running
			plan, err := NewPlan("app", wants, state, tt.opts)
			fault := ""
			if err != nil {
				fault = err.Error()
			}
			if diff := cmp.Diff(tt.plan+tt.fault, plan.String()+fault); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if err == nil && plan.Empty() != tt.empty {
				t.Errorf("empty: %v", plan.Empty())
			}
		})
	}
}

// The label operation must send the current version's index, the other labels as
// they are, and no data: the Engine takes empty data for unchanged.
func TestLabelOperationKeepsTheRest(t *testing.T) {
	object := Object{Name: "pw", ID: "id-pw", index: 10, labels: map[string]string{LabelStack: "app", "team": "a", LabelSource: "vault://a#/b", LabelSourceVersion: "1"}}
	plan := Plan{Stack: "app", Ops: []Op{{Type: OpLabel, Name: "pw", source: Source{"vault://a#/b", "2"}, label: &object}}}
	var got types.SecretSpec
	api := &fakeAPI{t: t, secretUpdate: func(id string, version types.Version, spec types.SecretSpec) error {
		if id != "id-pw" || version.Index != 10 {
			t.Errorf("update of %s at %d", id, version.Index)
		}
		got = spec
		return nil
	}}
	if err := Apply(t.Context(), api, plan); err != nil {
		t.Fatal(err)
	}
	want := types.SecretSpec{Annotations: types.Annotations{Name: "pw", Labels: map[string]string{
		LabelStack: "app", "team": "a", LabelSource: "vault://a#/b", LabelSourceVersion: "2",
	}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if object.labels[LabelSourceVersion] != "1" {
		t.Error("the snapshot was changed")
	}
}

// A missing value must be reported with the reason, where one is known, also when
// what runs is kept.
func TestPlanSaysWhyValueIsMissing(t *testing.T) {
	w := want("pw", "")
	w.Absent = "vault://secret/app#/pw: the payload has no key pw, but has pwd: not found"
	_, err := NewPlan("app", []Want{w}, world{}.state(nil), Consent{})
	const fault = "no value for pw (vault://secret/app#/pw: the payload has no key pw, but has pwd: not found); set the sources, or give values with --set NAME=-"
	if err == nil || err.Error() != fault {
		t.Errorf("error %v", err)
	}
	running := world{[]thing{{"pw", "app/pw/1", "one"}}, map[string][]string{"app_web": {"pw"}}}
	plan, err := NewPlan("app", []Want{w}, running.state([]Want{w}), Consent{})
	const kept = "keep pw, value not available here (vault://secret/app#/pw: the payload has no key pw, but has pwd: not found) (web)\n"
	if diff := cmp.Diff(kept, plan.String()); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}
