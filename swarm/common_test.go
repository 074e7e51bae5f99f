package swarm

import (
	"strings"
	"testing"
	"testing/synctest"

	types "github.com/docker/docker/api/types/swarm"
	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/secret"
)

// commonConfig is a config of a fake Swarm, used by stacks; with "-" as the first nobody
// of us made it.
func commonConfig(content string, stacks ...string) types.Config {
	labels := map[string]string{LabelCommon: "true"}
	for _, stack := range stacks {
		labels[LabelUsedBy+stack] = "true"
	}
	if len(stacks) > 0 && stacks[0] == "-" {
		labels = nil
	}
	return types.Config{ID: "id-config:env_1", Meta: types.Meta{Version: types.Version{Index: 7}}, Spec: types.ConfigSpec{
		Annotations: types.Annotations{Name: "env_1", Labels: labels}, Data: []byte(content),
	}}
}

// onlyConfig is a state with that config and nothing else.
func onlyConfig(config types.Config) State {
	return State{Stack: "app", Objects: []Object{configObject(config)}}
}

// A config that stacks share must be made once, be used by every stack, and never be
// taken for one with another content.
func TestPlanSharesConfigs(t *testing.T) {
	want := Want{Kind: Config, Name: "env", Pin: "env_1", Value: secret.NewValue("text"), Found: true, Services: []string{"web"}, Common: true, Absent: "it is not known here"}
	unknown := want
	unknown.Found, unknown.Value = false, secret.Value{}
	templated := commonConfig("text", "app")
	templated.Spec.Templating = &types.Driver{Name: "golang"}
	for _, tt := range []struct {
		name  string
		want  Want
		state State
		plan  string
		fault string
	}{
		{name: "new", want: want, plan: "create config env_1 (web)\n"},
		{name: "made by another stack", want: want, state: onlyConfig(commonConfig("text", "shop")), plan: "label config env_1, used by this stack from now on (web)\n"},
		{name: "again", want: want, state: onlyConfig(commonConfig("text", "app", "shop")), plan: "keep config env_1, unchanged (web)\n"},
		{name: "made by hand", want: want, state: onlyConfig(commonConfig("text", "-")), plan: "keep config env_1, not made by docker secrets, same content (web)\n"},
		{name: "by hand, with other bytes", want: want, state: onlyConfig(commonConfig("text\n", "-")), fault: "env: the swarm has a config env_1 already, not made by docker secrets, with another content; remove that one"},
		{name: "ours, with other bytes", want: want, state: onlyConfig(commonConfig("other", "app")), fault: "env: the swarm has a config env_1 already, made for every stack, with another content; remove that one"},
		{name: "a template of the same bytes", want: want, state: onlyConfig(templated), fault: "env: the swarm has a config env_1 already, made for every stack, with another content; remove that one"},
		{name: "made by a newer program", want: unknown, state: onlyConfig(commonConfig("newer", "app")), plan: "keep config env_1, unchanged (web)\n"},
		{name: "unknown and not there", want: unknown, fault: "env: config env_1 does not exist, and it is not known here"},
		{name: "unknown and by hand", want: unknown, state: onlyConfig(commonConfig("text", "-")), fault: "env: the swarm has a config env_1 already, not made by docker secrets, with another content; remove that one"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			plan, err := NewPlan("app", []Want{tt.want}, tt.state, Consent{})
			fault := ""
			if err != nil {
				fault = err.Error()
			}
			if diff := cmp.Diff([]string{tt.plan, tt.fault}, []string{plan.String(), fault}); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// Whoever else makes, labels or removes the config at the same time, a stack must end
// with it under its label, or with words.
func TestApplySharesConfigs(t *testing.T) {
	for _, tt := range []struct {
		name   string
		found  []types.Config // one a look; the last one stays
		create error
		update error // of the first update
		calls  string
		labels string
		fault  string
	}{
		{name: "new", calls: "create", labels: "app"},
		{name: "another stack was faster", found: []types.Config{{}, commonConfig("text", "shop")}, create: daemonError("rpc error: code = AlreadyExists desc = config env_1 already exists"), calls: "create, update", labels: "app shop"},
		{name: "we were, and the leader died", found: []types.Config{{}, commonConfig("text", "app")}, create: daemonError("rpc error: code = Unavailable desc = transport is closing"), calls: "create"},
		{name: "somebody else was", found: []types.Config{{}, commonConfig("else", "-")}, create: daemonError("rpc error: code = AlreadyExists desc = config env_1 already exists"), calls: "create", fault: "create config env_1: " + errTaken.Error()},
		{name: "it is there", found: []types.Config{commonConfig("text", "shop")}, calls: "update", labels: "app shop"},
		{name: "another stack labels it too", found: []types.Config{commonConfig("text", "shop"), commonConfig("text", "other", "shop")}, update: daemonError(answerEqual), calls: "update, update", labels: "app other shop"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var calls, labels []string
				users := func(spec types.ConfigSpec) {
					labels = nil
					for _, label := range sortedKeys(spec.Labels) {
						if user, found := strings.CutPrefix(label, LabelUsedBy); found {
							labels = append(labels, user)
						}
					}
					if string(spec.Data) != "text" || spec.Name != "env_1" || spec.Labels[LabelCommon] != "true" {
						t.Errorf("%+v", spec.Annotations)
					}
				}
				looks := 0
				api := &fakeAPI{
					t: t,
					configList: func() ([]types.Config, error) {
						if len(tt.found) == 0 {
							return nil, nil
						}
						looks++
						return tt.found[min(looks, len(tt.found))-1 : min(looks, len(tt.found))], nil
					},
					configCreate: func(spec types.ConfigSpec) error {
						calls = append(calls, "create")
						if tt.create == nil {
							users(spec)
						}
						return tt.create
					},
					configUpdate: func(_ string, _ types.Version, spec types.ConfigSpec) error {
						calls = append(calls, "update")
						users(spec)
						if len(calls) == 1 {
							return tt.update
						}
						return nil
					},
				}
				op := Op{Type: OpCreate, Kind: Config, Name: "env_1", Secret: "env", common: true, value: secret.NewValue("text")}
				err := Apply(t.Context(), api, Plan{Stack: "app", Ops: []Op{op}})
				fault := ""
				if err != nil {
					fault = err.Error()
				}
				want := []string{tt.calls, tt.labels, tt.fault}
				if diff := cmp.Diff(want, []string{strings.Join(calls, ", "), strings.Join(labels, " "), fault}); diff != "" {
					t.Errorf("(-want +got)\n%s", diff)
				}
			})
		})
	}
}

// A common config must stay as long as anybody needs it, and go with the last who does.
func TestPruneRemovesCommonConfigsLast(t *testing.T) {
	const remove, label = "remove config env_1, unused\n", "label config env_1, not used by this stack any more\n"
	for _, tt := range []struct {
		name   string
		config types.Config
		uses   map[string][]string
		named  bool
		plan   string
	}{
		{name: "nobody uses it", config: commonConfig("text", "app"), plan: remove},
		{name: "no stack is left", config: commonConfig("text"), plan: remove},
		{name: "this stack uses it", config: commonConfig("text", "app"), uses: map[string][]string{"app_web": {"config:env_1"}}},
		{name: "the stack file names it", config: commonConfig("text", "app"), named: true},
		{name: "another stack uses it", config: commonConfig("text", "app", "shop"), uses: map[string][]string{"shop_web": {"config:env_1"}}, plan: label},
		{name: "another stack uses it without a label", config: commonConfig("text", "app"), uses: map[string][]string{"shop_web": {"config:env_1"}}, plan: label},
		{name: "another stack was deployed with it", config: commonConfig("text", "app", "shop"), plan: label},
		{name: "only another stack was", config: commonConfig("text", "shop")},
		{name: "made by hand", config: commonConfig("text", "-")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			state := onlyConfig(tt.config)
			for _, service := range sortedKeys(tt.uses) {
				state.Services = append(state.Services, serviceUsing(service, tt.uses[service]))
			}
			var opts PruneOptions
			if tt.named {
				opts.Named = []Pin{{Kind: Config, Secret: "env", Object: "env_1"}}
			}
			if diff := cmp.Diff(tt.plan, NewPrune("app", state, opts).String()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
