package swarm

import (
	"slices"
	"strings"
	"testing"

	types "github.com/docker/docker/api/types/swarm"
	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/secret"
)

// world is a Swarm in a test: objects with their values, and who uses them.
type world struct {
	objects []thing
	uses    map[string][]string // service (stack_name) to names of objects
}

type thing struct {
	name  string // of a secret; "config:" in front makes it a config
	owner string // "stack/name/version" or ""
	value string
}

// state is the snapshot for the stack app, with the answers for wants.
func (w world) state(wants []Want) State {
	state := State{Stack: "app", answers: map[question]bool{}}
	values := map[string]string{}
	for _, thing := range w.objects {
		object := Object{Name: thing.name, ID: "id-" + thing.name, index: 10}
		if name, isConfig := strings.CutPrefix(thing.name, "config:"); isConfig {
			object.Kind, object.Name = Config, name
		}
		if parts := strings.Split(thing.owner, "/"); len(parts) == 3 {
			object.Owner = ownerOf(map[string]string{LabelStack: parts[0], LabelName: parts[1], LabelVersion: parts[2]})
		}
		values[object.ID] = thing.value
		state.Objects = append(state.Objects, object)
	}
	slices.SortFunc(state.Objects, compareObjects)
	for _, service := range sortedKeys(w.uses) {
		state.Services = append(state.Services, serviceUsing(service, w.uses[service]))
	}
	for _, want := range wants {
		for _, object := range state.candidates(want) {
			if want.Found {
				state.answers[question{want.Kind, want.Name, object.ID}] = values[object.ID] == want.Value.Reveal()
			}
		}
	}
	return state
}

func sortedKeys[V any](m map[string]V) []string {
	var keys []string
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

func serviceUsing(name string, objects []string) types.Service {
	stack, _, _ := strings.Cut(name, "_")
	spec := &types.ContainerSpec{}
	for _, object := range objects {
		if config, isConfig := strings.CutPrefix(object, "config:"); isConfig {
			spec.Configs = append(spec.Configs, &types.ConfigReference{ConfigID: "id-" + object, ConfigName: config})
			continue
		}
		spec.Secrets = append(spec.Secrets, &types.SecretReference{SecretID: "id-" + object, SecretName: object})
	}
	return types.Service{ID: "id-" + name, Spec: types.ServiceSpec{
		Annotations:  types.Annotations{Name: name, Labels: map[string]string{stackLabel: stack}},
		TaskTemplate: types.TaskSpec{ContainerSpec: spec},
	}}
}

func want(name, value string) Want {
	return Want{Name: name, Value: secret.NewValue(value), Found: value != "", From: "env://" + strings.ToUpper(name), Services: []string{"web"}}
}

func pinned(w Want, pin string) Want {
	w.Pin = pin
	return w
}

func shared(w Want) Want {
	w.Share = true
	return w
}

func unallowed(w Want) Want {
	w.Held = "is odd"
	return w
}

func config(name, content string) Want {
	w := want(name, content)
	w.Kind = Config
	return w
}

// A plan must say for every secret what happens to it and why.
func TestPlanSaysWhatAndWhy(t *testing.T) {
	uses := func(objects ...string) map[string][]string { return map[string][]string{"app_web": objects} }
	v1 := thing{"pw", "app/pw/1", "one"}
	v2 := thing{"pw_v2", "app/pw/2", "two"}
	rotate, keep := Consent{Default: Rotate}, Consent{Default: Keep}
	for _, tt := range []struct {
		name  string
		world world
		want  Want
		opts  Consent
		plan  string
		pin   string
		fault string
	}{
		{name: "new", want: want("pw", "one"), plan: "create pw from env://PW (web)\n", pin: "pw"},
		{name: "new under a pin", want: pinned(want("pw", "one"), "prod_pw"), plan: "create prod_pw from env://PW (web)\n", pin: "prod_pw"},
		{name: "pin of another swarm", want: pinned(want("pw", "one"), "pw_v7"), plan: "create pw_v7 from env://PW (web)\n", pin: "pw_v7"},
		{name: "new config", want: config("shim", "x"), plan: "create config shim from env://SHIM (web)\n", pin: "shim"},
		{name: "unchanged", world: world{[]thing{v1}, uses("pw")}, want: want("pw", "one"), plan: "keep pw, unchanged, from env://PW (web)\n", pin: "pw"},
		{name: "unchanged, nothing runs", world: world{objects: []thing{v1}}, want: want("pw", "one"), plan: "keep pw, unchanged, from env://PW (web)\n", pin: "pw"},
		{name: "not pinned", world: world{[]thing{v1, v2}, uses("pw_v2")}, want: want("pw", "two"), plan: "keep pw_v2, unchanged, from env://PW (web)\n", pin: "pw_v2"},
		{name: "old pin", world: world{[]thing{v1, v2}, uses("pw_v2")}, want: pinned(want("pw", "two"), "pw"), plan: "keep pw_v2, unchanged, from env://PW (web)\n", pin: "pw_v2"},
		{name: "pin is gone", world: world{[]thing{v2}, uses("pw_v2")}, want: pinned(want("pw", "two"), "pw"), plan: "keep pw_v2, unchanged, from env://PW (web)\n", pin: "pw_v2"},
		{name: "created but never deployed", world: world{[]thing{v1, v2}, nil}, want: pinned(want("pw", "two"), "pw"), plan: "keep pw_v2, unchanged, from env://PW (web)\n", pin: "pw_v2"},

		{
			name: "changed", world: world{[]thing{v1}, uses("pw")}, want: want("pw", "two"), plan: "change pw, needs --rotate, from env://PW (web)\n",
			fault: "pw: the value differs from the running pw; deploy with --rotate to change it",
		},
		{name: "changed, rotate", world: world{[]thing{v1}, uses("pw")}, want: want("pw", "two"), opts: rotate, plan: "create pw_v2, value changed, from env://PW (web)\n", pin: "pw_v2"},
		{name: "changed, rotate one", world: world{[]thing{v1}, uses("pw")}, want: want("pw", "two"), opts: Consent{Secrets: map[string]Choice{"pw": Rotate}}, plan: "create pw_v2, value changed, from env://PW (web)\n", pin: "pw_v2"},
		{name: "changed, keep", world: world{[]thing{v1}, uses("pw")}, want: want("pw", "two"), opts: keep, plan: "keep pw, value changed, not rotated (web)\n", pin: "pw"},
		{name: "changed, a gap", world: world{[]thing{v1, {"pw_v5", "app/pw/5", "five"}}, uses("pw_v5")}, want: want("pw", "six"), opts: rotate, plan: "create pw_v6, value changed, from env://PW (web)\n", pin: "pw_v6"},
		{name: "changed, next name is somebody's", world: world{[]thing{v1, {"pw_v2", "", "x"}}, uses("pw")}, want: want("pw", "two"), opts: rotate, plan: "create pw_v3, value changed, from env://PW (web)\n", pin: "pw_v3"},
		{name: "changed under a pin", world: world{[]thing{{"prod_pw", "app/pw/1", "one"}}, uses("prod_pw")}, want: pinned(want("pw", "two"), "prod_pw"), opts: rotate, plan: "create prod_pw_v2, value changed, from env://PW (web)\n", pin: "prod_pw_v2"},
		{name: "changed, new name in the file", world: world{[]thing{v1}, uses("pw")}, want: pinned(want("pw", "two"), "pw_v9"), opts: rotate, plan: "create pw_v9, value changed, from env://PW (web)\n", pin: "pw_v9"},
		{name: "changed, nothing runs", world: world{objects: []thing{v1}}, want: want("pw", "two"), plan: "create pw_v2, no version on the swarm has this value, from env://PW (web)\n", pin: "pw_v2"},
		{name: "config changed", world: world{[]thing{{"config:shim", "app/shim/1", "x"}}, uses("config:shim")}, want: config("shim", "y"), plan: "create config shim_v2, content changed, from env://SHIM (web)\n", pin: "shim_v2"},
		{name: "config changed back", world: world{[]thing{{"config:shim", "app/shim/1", "x"}, {"config:shim_v2", "app/shim/2", "y"}}, uses("config:shim_v2")}, want: config("shim", "x"), plan: "keep config shim, unchanged, from env://SHIM (web)\n", pin: "shim"},

		{
			name: "changed to an earlier value", world: world{[]thing{v1, v2}, uses("pw_v2")}, want: pinned(want("pw", "one"), "pw"), plan: "change pw_v2, needs --rotate, from env://PW (web)\n",
			fault: "pw: the value differs from the running pw_v2; deploy with --rotate to change it",
		},
		{name: "changed to an earlier value, rotate", world: world{[]thing{v1, v2}, uses("pw_v2")}, want: want("pw", "one"), opts: rotate, plan: "use pw, has the value, pw_v2 runs, from env://PW (web)\n", pin: "pw"},
		{name: "rotation was killed before the deploy", world: world{[]thing{v1, v2}, uses("pw")}, want: want("pw", "two"), opts: rotate, plan: "use pw_v2, has the value, pw runs, from env://PW (web)\n", pin: "pw_v2"},
		{name: "rotation was killed in the deploy", world: world{[]thing{v1, v2}, map[string][]string{"app_a": {"pw"}, "app_b": {"pw_v2"}}}, want: want("pw", "two"), plan: "keep pw_v2, unchanged, from env://PW (web)\n", pin: "pw_v2"},

		{name: "no value", world: world{[]thing{v1}, uses("pw")}, want: want("pw", ""), plan: "keep pw, value not available here (web)\n", pin: "pw"},
		{name: "no value, old pin", world: world{[]thing{v1, v2}, uses("pw_v2")}, want: pinned(want("pw", ""), "pw"), plan: "keep pw_v2, value not available here (web)\n", pin: "pw_v2"},
		{name: "no value, pin as decided", world: world{[]thing{v1, v2}, uses("pw_v2")}, want: pinned(want("pw", ""), "pw"), opts: rotate, plan: "use pw, named in the stack file, pw_v2 runs (web)\n", pin: "pw"},
		{name: "no value, nothing runs", world: world{objects: []thing{v1, v2}}, want: pinned(want("pw", ""), "pw"), plan: "keep pw, value not available here (web)\n", pin: "pw"},
		{name: "no value, foreign", world: world{objects: []thing{{"pw", "", "x"}}}, want: want("pw", ""), plan: "keep pw, value not available here (web)\n", pin: "pw"},
		{name: "no value anywhere", want: want("pw", ""), fault: "no value for pw (env://PW); set the sources, or give values with --set NAME=-"},

		{name: "foreign, equal", world: world{objects: []thing{{"pw", "", "one"}}}, want: want("pw", "one"), plan: "keep pw, not made by docker secrets, same value, from env://PW (web)\n", pin: "pw"},
		{name: "another stack's, equal", world: world{objects: []thing{{"pw", "other/pw/1", "one"}}}, want: want("pw", "one"), plan: "create app_pw, pw belongs to stack other, from env://PW (web)\n", pin: "app_pw"},
		{name: "another stack's, pinned", world: world{objects: []thing{{"prod_pw", "other/pw/1", "one"}}}, want: pinned(want("pw", "one"), "prod_pw"), plan: "create app_prod_pw, prod_pw belongs to stack other, from env://PW (web)\n", pin: "app_prod_pw"},
		{name: "another stack's, used here", world: world{[]thing{{"pw", "other/pw/1", "one"}}, uses("pw")}, want: want("pw", "one"), plan: "keep pw, made for stack other, same value, from env://PW (web)\n", pin: "pw"},
		{name: "another stack's, used here, changed", world: world{[]thing{{"pw", "other/pw/1", "one"}}, uses("pw")}, want: want("pw", "two"), plan: "change pw, needs --rotate, from env://PW (web)\n", fault: "pw: the value differs from the running pw; deploy with --rotate to change it"},
		{name: "another stack's, used here, rotated", world: world{[]thing{{"pw", "other/pw/1", "one"}}, uses("pw")}, want: want("pw", "two"), opts: rotate, plan: "create app_pw, value changed, from env://PW (web)\n", pin: "app_pw"},
		{name: "another stack's, used here, no value", world: world{[]thing{{"pw", "other/pw/1", "one"}}, uses("pw")}, want: want("pw", ""), plan: "keep pw, value not available here (web)\n", pin: "pw"},
		{name: "another stack's, no value", world: world{objects: []thing{{"pw", "other/pw/1", "one"}}}, want: want("pw", ""), fault: "no value for pw (env://PW; pw on the swarm belongs to stack other, and --share pw uses it); set the sources, or give values with --set NAME=-"},
		{name: "another stack's, ours has another name, no pin", world: world{[]thing{{"pw", "other/pw/1", "x"}, {"app_pw", "app/pw/1", "one"}}, uses("app_pw")}, want: want("pw", "two"), opts: rotate, plan: "create app_pw_v2, value changed, from env://PW (web)\n", pin: "app_pw_v2"},
		{name: "another stack's, ours unchanged, no pin", world: world{[]thing{{"pw", "other/pw/1", "one"}, {"app_pw", "app/pw/1", "one"}}, nil}, want: want("pw", "one"), plan: "keep app_pw, unchanged, from env://PW (web)\n", pin: "app_pw"},
		{name: "another stack's, and its other name too", world: world{objects: []thing{{"pw", "other/pw/1", "x"}, {"app_pw", "third/pw/1", "one"}}}, want: want("pw", "one"), plan: "create app_pw_v2, pw belongs to stack other, from env://PW (web)\n", pin: "app_pw_v2"},
		{name: "another stack's config, equal", world: world{objects: []thing{{"config:shim", "other/shim/1", "x"}}}, want: config("shim", "x"), plan: "keep config shim, made for stack other, same value, from env://SHIM (web)\n", pin: "shim"},
		{name: "another stack's config, differs", world: world{objects: []thing{{"config:shim", "other/shim/1", "x"}}}, want: config("shim", "y"), plan: "create config app_shim, shim belongs to stack other, from env://SHIM (web)\n", pin: "app_shim"},
		{name: "shared", world: world{objects: []thing{{"pw", "other/pw/1", "one"}}}, want: shared(want("pw", "one")), plan: "keep pw, shared with stack other, from env://PW (web)\n", pin: "pw"},
		{name: "shared, no value", world: world{objects: []thing{{"pw", "other/pw/1", "one"}}}, want: shared(want("pw", "")), plan: "keep pw, shared with stack other (web)\n", pin: "pw"},
		{name: "shared, differs", world: world{objects: []thing{{"pw", "other/pw/1", "one"}}}, want: shared(want("pw", "two")), opts: rotate, fault: "pw: the value of env://PW differs from the one of pw, which stack other shares; leave --share pw out, or the source"},
		{name: "shared, nobody has it", want: shared(want("pw", "one")), fault: "pw: no other stack has a secret pw that could be shared; leave --share pw out"},
		{name: "shared from now on", world: world{[]thing{{"pw", "other/pw/1", "one"}, {"app_pw", "app/pw/1", "one"}}, uses("app_pw")}, want: shared(pinned(want("pw", "one"), "app_pw")), plan: "use pw, shared with stack other, from env://PW (web)\n", pin: "pw"},
		{name: "shared from now on, changes", world: world{[]thing{{"pw", "other/pw/1", "one"}, {"app_pw", "app/pw/1", "two"}}, uses("app_pw")}, want: shared(pinned(want("pw", "one"), "app_pw")), plan: "change app_pw, needs --rotate, from env://PW (web)\n", fault: "pw: the value differs from the running app_pw; deploy with --rotate to change it"},
		{
			name: "foreign, differs", world: world{objects: []thing{{"pw", "", "x"}}}, want: want("pw", "one"), opts: rotate,
			fault: "pw: the swarm has a secret pw already, not made by docker secrets, with another value; give yours another name with name: or --prefix, or remove that one",
		},
		{name: "source not allowed, new", want: unallowed(want("pw", "")), plan: "create pw from env://PW, needs --allow-source (web)\n", fault: "pw: env://PW is odd; look at the stack file, and allow it with --allow-source"},
		{name: "source not allowed, runs", world: world{[]thing{v1}, uses("pw")}, want: unallowed(want("pw", "")), plan: "keep pw, not compared with its source, needs --allow-source, from env://PW (web)\n", fault: "pw: env://PW is odd; look at the stack file, and allow it with --allow-source"},
		{name: "prefix keeps stacks apart", world: world{[]thing{{"pw", "other/pw/1", "x"}}, map[string][]string{"other_web": {"pw"}}}, want: pinned(want("pw", "one"), "staging_pw"), plan: "create staging_pw from env://PW (web)\n", pin: "staging_pw"},

		{name: "bad name", want: want("-pw", "one"), fault: `"-pw": Swarm takes names of letters, digits, '-', '_' and '.', with a letter or digit first and last`},
		{name: "too big", want: want("pw", strings.Repeat("x", secret.MaxSize+1)), fault: "pw: the value of env://PW has 512000 bytes, Swarm takes at most 511999 for a secret"},
		{name: "empty", want: Want{Name: "pw", Found: true, From: "env://PW"}, fault: "pw: the value of env://PW is empty, and Swarm has no empty secrets"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			wants := []Want{tt.want}
			plan, err := NewPlan("app", wants, tt.world.state(wants), tt.opts)
			fault := ""
			if err != nil {
				fault = err.Error()
			}
			if diff := cmp.Diff(tt.fault, fault); diff != "" {
				t.Errorf("fault (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.plan, plan.String()); diff != "" {
				t.Errorf("plan (-want +got):\n%s", diff)
			}
			pin := ""
			if len(plan.Pins) > 0 {
				pin = plan.Pins[0].Object
			}
			if pin != tt.pin {
				t.Errorf("pin %q, want %q", pin, tt.pin)
			}
		})
	}
}

// Independent faults must be reported together, all missing values in one line.
func TestPlanReportsFaultsTogether(t *testing.T) {
	wants := []Want{want("c", ""), want("a", ""), want("b_", "x"), pinned(want("e", "x"), "same"), pinned(want("d", "x"), "same")}
	_, err := NewPlan("app", wants, world{}.state(wants), Consent{})
	const fault = "no value for a (env://A), c (env://C); set the sources, or give values with --set NAME=-\n" +
		`"b_": Swarm takes names of letters, digits, '-', '_' and '.', with a letter or digit first and last` + "\n" +
		"e: d uses the secret same too; set a different name: for one of them"
	if err == nil {
		t.Fatal("no fault")
	}
	if diff := cmp.Diff(fault, err.Error()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The order of a plan must not depend on the order of what is wanted.
func TestPlanHasOneOrder(t *testing.T) {
	wants := []Want{config("a", "x"), want("z", "x"), want("b", "x")}
	plan, err := NewPlan("app", wants, world{}.state(wants), Consent{})
	if err != nil {
		t.Fatal(err)
	}
	const lines = "create b from env://B (web)\ncreate z from env://Z (web)\ncreate config a from env://A (web)\n"
	if diff := cmp.Diff(lines, plan.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A version must fit into Swarm's names and be told from a name that ends like one.
func TestVersionNameFitsAndIsRecognised(t *testing.T) {
	long := strings.Repeat("x", 64)
	for _, tt := range []struct {
		world world
		want  Want
		name  string
	}{
		{world{[]thing{{long, "app/" + long + "/1", "one"}}, map[string][]string{"app_web": {long}}}, want(long, "two"), long[:61] + "_v2"},
		{world{[]thing{{"api_v2", "app/api_v2/1", "one"}}, map[string][]string{"app_web": {"api_v2"}}}, want("api_v2", "two"), "api_v2_v2"},
		{world{[]thing{{"p_api_v2", "app/api_v2/1", "one"}}, map[string][]string{"app_web": {"p_api_v2"}}}, pinned(want("api_v2", "two"), "p_api_v2"), "p_api_v2_v2"},
		{world{[]thing{{"pw_v9", "app/pw/9", "one"}}, map[string][]string{"app_web": {"pw_v9"}}}, pinned(want("pw", "two"), "pw_v9"), "pw_v10"},
	} {
		wants := []Want{tt.want}
		plan, err := NewPlan("app", wants, tt.world.state(wants), Consent{Default: Rotate})
		if err != nil {
			t.Fatal(err)
		}
		if plan.Ops[0].Name != tt.name {
			t.Errorf("%s, want %s", plan.Ops[0].Name, tt.name)
		}
	}
}
