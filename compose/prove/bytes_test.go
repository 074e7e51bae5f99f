package prove

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform"
)

// places are what references of the tests lead to, by their text. Others cannot be read.
var places = map[string]string{
	"env://A": "value-a", "env://B": "value-b", "env://LINE": "value-a\n", "env://NONE": "", "env://DOLLAR": "p$w{{ x }}", "file://a": "value-a", "env://POINTS": "vault://kv/app#token",
}

func fromPlaces(refs []secret.Reference) ([]secret.Value, []error) {
	values, errs := make([]secret.Value, len(refs)), make([]error, len(refs))
	for i, ref := range refs {
		text, found := places[ref.String()]
		if values[i] = secret.NewValue(text); !found {
			errs[i] = errors.New(ref.String() + ": not set")
		}
	}
	return values, errs
}

// keptVariables are set where the docker CLI fills them in.
func keptVariables(name string) (secret.Value, bool) {
	text, set := map[string]string{"TAG": "v1", "PORT": "80"}[name]
	return secret.NewValue(text), set
}

// faultsOf are the reasons why VALUE of the service does not get want.
func faultsOf(t *testing.T, stack, service, image, want string) []Fault {
	t.Helper()
	wants := []Want{{Service: service, Image: image, Variable: "VALUE", Value: secret.NewValue(want)}}
	if strings.Contains(stack, "POSTGRES_PASSWORD") {
		wants[0].Variable = "POSTGRES_PASSWORD"
	}
	if strings.Contains(stack, "WEBPASSWORD_FILE") {
		wants[0].Variable = "FTLCONF_webserver_api_password"
	}
	faults, err := bytesOf(stack, wants, map[string]bool{"changed": true}, fromPlaces, keptVariables)
	if err != nil {
		t.Fatal(err)
	}
	return faults
}

const (
	// shimmed begins a service app that starts through the shim.
	shimmed = "configs: {shim: {external: true, name: " + transform.ShimVersion + "}}\nservices: {app: {entrypoint: [/bin/sh, /docker_secrets_env, run], configs: [{source: shim, target: /docker_secrets_env}], "
	// reading begins a service app that is told to read files.
	reading = `services: {app: {environment: {USE_DOCKER_SECRETS: "true"}, `
	// secretA declares a secret of env://A.
	secretA          = "secrets: {a: {external: true, x-from: 'env://A'}}\n"
	postgres, pihole = "postgres:16", "pihole/pihole:2025.03"
)

// delivered are the ways in which a variable gets its value.
var delivered = map[string]struct{ stack, image, want string }{
	"written out":                 {stack: "services: {app: {environment: {VALUE: a b}}}", want: "a b"},
	"written in a list":           {stack: "services: {app: {environment: [VALUE=a=b]}}", want: "a=b"},
	"written with a dollar":       {stack: "services: {app: {environment: {VALUE: a$$b}}}", want: "a$b"},
	"written and empty":           {stack: `services: {app: {environment: {VALUE: ""}}}`},
	"a name is kept":              {stack: "services: {app: {environment: {VALUE: 'app:${TAG}-${PORT:-1}'}}}", want: "app:v1-80"},
	"a kept name has a default":   {stack: "services: {app: {environment: {VALUE: '${OTHER:-x}'}}}", want: "x"},
	"asked by deploy":             {stack: "services: {app: {environment: {VALUE: '-${A}-'}}}\nx-inline: {A: 'env://A'}", want: "-value-a-"},
	"the shim reads it":           {stack: shimmed + "secrets: [{source: b, target: env/B}, {source: a, target: env/VALUE}]}}\n" + secretA, want: "value-a"},
	"the shim keeps line ends":    {stack: shimmed + "secrets: [{source: a, target: env/VALUE}]}}\nsecrets: {a: {external: true, x-from: 'env://LINE'}}", want: "value-a\n"},
	"the shim runs a command":     {stack: strings.Replace(shimmed, ", run]", "]", 1) + "secrets: [{source: a, target: env/VALUE}]}}\n" + secretA, want: "value-a"},
	"the shim reads it for two":   {stack: shimmed + "secrets: [{source: a, target: 'env/OTHER,VALUE'}]}}\n" + secretA, want: "value-a"},
	"the shim reads an alias":     {stack: shimmed + "secrets: [{source: b, target: env/VALUE}, a]}}\nsecrets: {b: {external: true, x-template: '{{ secret \"a\" }}'}, a: {external: true, x-from: 'env://A'}}", want: "value-a"},
	"a target is a path":          {stack: shimmed + "secrets: [{source: a, target: /run/secrets/env/VALUE}]}}\n" + secretA, want: "value-a"},
	"the application reads it":    {stack: reading + "secrets: [{source: a, target: value}]}}\n" + secretA, want: "value-a"},
	"the image reads it":          {stack: "services: {app: {environment: {POSTGRES_PASSWORD_FILE: /run/secrets/a}, secrets: [a]}}\n" + secretA, image: postgres, want: "value-a"},
	"the image takes line ends":   {stack: "services: {app: {environment: {POSTGRES_PASSWORD_FILE: /run/secrets/a}, secrets: [a]}}\nsecrets: {a: {external: true, x-from: 'env://LINE'}}", image: postgres, want: "value-a"},
	"the image expects a file":    {stack: "services: {app: {environment: {WEBPASSWORD_FILE: webpassword}, secrets: [{source: a, target: webpassword}]}}\n" + secretA, image: pihole, want: "value-a"},
	"places agree":                {stack: reading + "secrets: [{source: a, target: value}]}}\nsecrets: {a: {external: true, x-from: ['env://A', 'file://a']}}", want: "value-a"},
	"a template":                  {stack: reading + "secrets: [value, a]}}\nsecrets: {value: {external: true, x-template: 'u:{{ secret \"a\" }}@{{\"{{\"}}$$x'}, a: {external: true, x-from: 'env://A'}}", want: "u:value-a@{{$x"},
	"a template by targets":       {stack: reading + "secrets: [value, {source: a, target: b}, {source: b, target: a}]}}\nsecrets: {value: {external: true, x-template: '{{ secret \"a\" }}-{{ secret \"b\" }}'}, a: {external: true, x-from: 'env://A'}, b: {external: true, x-from: 'env://B'}}", want: "value-b-value-a"},
	"a part is no template":       {stack: reading + "secrets: [value, a]}}\nsecrets: {value: {external: true, x-template: '{{ secret \"a\" }}'}, a: {external: true, x-from: 'env://DOLLAR'}}", want: "p$w{{ x }}"},
	"a template in a template":    {stack: reading + "secrets: [value, a, b]}}\nsecrets: {value: {external: true, x-template: '<{{ secret \"a\" }}>'}, a: {external: true, x-template: '{{ secret \"b\" }}'}, b: {external: true, x-from: 'env://B'}}", want: `<{{ secret "b" }}>`},
	"a manager has it":            {stack: reading + "secrets: [value]}}\nsecrets: {value: {external: true, x-from: 'vault://kv/app#token'}}", want: "not asked"},
	"a place names a manager":     {stack: reading + "secrets: [value]}}\nsecrets: {value: {external: true, x-from: 'env://POINTS'}}", want: "not asked"},
	"a part is in a manager":      {stack: reading + "secrets: [value, a]}}\nsecrets: {value: {external: true, x-template: 'u{{ secret \"a\" }}'}, a: {external: true, x-from: 'vault://kv/app#token'}}", want: "not asked"},
	"asked of a manager":          {stack: "services: {app: {environment: {VALUE: '${A}'}}}\nx-inline: {A: 'vault://kv/app#token'}", want: "not asked"},
	"a part's source was changed": {stack: reading + "secrets: [value, changed]}}\nsecrets: {value: {external: true, x-template: 'u{{ secret \"changed\" }}'}, changed: {external: true, x-from: 'env://GONE'}}", want: "u-old"},
	"its source was changed":      {stack: reading + "secrets: [{source: changed, target: value}]}}\nsecrets: {changed: {external: true, x-from: 'env://B'}}", want: "value-a"},
}

// A variable that gets its value must be no fault, however the service reads it.
func TestBytesFollowsEveryDelivery(t *testing.T) {
	for name, tt := range delivered {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff([]Fault(nil), faultsOf(t, tt.stack, "app", tt.image, tt.want)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// A service with a name that Swarm refuses must be found by its alias.
func TestBytesFindsRenamedServices(t *testing.T) {
	stack := "services: {app_x: {environment: {VALUE: x}, networks: {default: {aliases: [other, app.x]}}}}"
	if diff := cmp.Diff([]Fault(nil), faultsOf(t, stack, "app.x", "", "x")); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// broken are stack files that do not give "value-a", with the reasons.
var broken = map[string]struct{ stack, image, secret, reason string }{
	"the service is missing":                    {stack: "services: {api: {environment: {VALUE: value-a}}}", reason: "the service is missing"},
	"the variable is missing":                   {stack: "services: {app: {environment: {OTHER: value-a}}}", reason: "the service does not set it"},
	"a bare key":                                {stack: "services: {app: {environment: [VALUE]}}", reason: "the service does not set it"},
	"another text":                              {stack: "services: {app: {environment: {VALUE: value-b}}}", reason: "its value would differ"},
	"blanks":                                    {stack: "services: {app: {environment: {VALUE: 'value-a '}}}", reason: "its leading or trailing blanks differ"},
	"empty":                                     {stack: `services: {app: {environment: {VALUE: ""}}}`, reason: "it would be empty"},
	"a kept name is not set":                    {stack: "services: {app: {environment: {VALUE: '${OTHER}'}}}", reason: "it would be empty"},
	"asked of a place without":                  {stack: "services: {app: {environment: {VALUE: '${A}'}}}\nx-inline: {A: 'env://GONE'}", reason: "env://GONE: not set"},
	"a line end too many":                       {stack: reading + "secrets: [value]}}\nsecrets: {value: {external: true, x-from: 'env://LINE'}}", secret: "value", reason: "its trailing newlines differ"},
	"another place":                             {stack: reading + "secrets: [value]}}\nsecrets: {value: {external: true, x-from: 'env://B'}}", secret: "value", reason: "its value would differ"},
	"no such place":                             {stack: reading + "secrets: [value]}}\nsecrets: {value: {external: true, x-from: 'env://GONE'}}", secret: "value", reason: "env://GONE: not set"},
	"no place":                                  {stack: reading + "secrets: [value]}}\nsecrets: {value: {external: true, x-from: []}}", secret: "value", reason: "x-from: is missing"},
	"places do not agree":                       {stack: reading + "secrets: [value]}}\nsecrets: {value: {external: true, x-from: ['env://A', 'env://B']}}", secret: "value", reason: "x-from: env://A and env://B do not agree"},
	"not declared":                              {stack: reading + "secrets: [value]}}\n", secret: "value", reason: "secrets.value is not declared"},
	"not mounted":                               {stack: reading + "secrets: [a]}}\n" + secretA, reason: "no secret is mounted at /run/secrets/value"},
	"the shim makes another variable":           {stack: shimmed + "secrets: [{source: a, target: env/VALUES}]}}\n" + secretA, reason: "the service does not set it"},
	"the shim has another folder":               {stack: shimmed + "secrets: [{source: a, target: VALUE}]}}\n" + secretA, reason: "the service does not set it"},
	"the shim reads another secret":             {stack: shimmed + "secrets: [{source: b, target: env/VALUE}]}}\nsecrets: {b: {external: true, x-from: 'env://B'}}", secret: "b", reason: "its value would differ"},
	"the shim does not start":                   {stack: strings.Replace(shimmed, "[/bin/sh, /docker_secrets_env, run]", "[run]", 1) + "secrets: [{source: a, target: env/VALUE}]}}\n" + secretA, reason: "the service does not set it"},
	"the shim is not there":                     {stack: strings.Replace(shimmed, "target: /docker", "target: /other", 1) + "secrets: [{source: a, target: env/VALUE}]}}\n" + secretA, reason: "the service does not set it"},
	"the shim is another version":               {stack: strings.Replace(shimmed, "name: docker_secrets_env", "name: env", 1) + "secrets: [{source: a, target: env/VALUE}]}}\n" + secretA, reason: "the service does not set it"},
	"the image reads another file":              {stack: "services: {app: {environment: {POSTGRES_PASSWORD_FILE: /run/secrets/b}, secrets: [a]}}\n" + secretA, image: postgres, reason: "no secret is mounted at /run/secrets/b"},
	"another image":                             {stack: "services: {app: {environment: {POSTGRES_PASSWORD_FILE: /run/secrets/a}, secrets: [a]}}\n" + secretA, image: "other", reason: "the service does not set it"},
	"the expected file is missing":              {stack: "services: {app: {environment: {WEBPASSWORD_FILE: webpassword}, secrets: [a]}}\n" + secretA, image: pihole, reason: "the service does not set it"},
	"a template is not one":                     {stack: reading + "secrets: [value]}}\nsecrets: {value: {external: true, x-template: '{{ secret }'}}", secret: "value", reason: "x-template: the Engine cannot read it"},
	"a template fails":                          {stack: reading + "secrets: [value]}}\nsecrets: {value: {external: true, x-template: '{{ index nil 1 }}'}}", secret: "value", reason: "x-template: the Engine cannot read it"},
	"a part is missing":                         {stack: reading + "secrets: [value]}}\nsecrets: {value: {external: true, x-template: '{{ secret \"a\" }}'}}", secret: "value", reason: "x-template: the service has no secret with the target a"},
	"a part has no place":                       {stack: reading + "secrets: [value, a]}}\nsecrets: {value: {external: true, x-template: '{{ secret \"a\" }}'}, a: {external: true, x-from: 'env://GONE'}}", secret: "value", reason: "env://GONE: not set"},
	"a part is not declared":                    {stack: reading + "secrets: [value, a]}}\nsecrets: {value: {external: true, x-template: 'x{{ secret \"a\" }}'}}", secret: "value", reason: "secrets.a is not declared"},
	"a part beside one in a manager is missing": {stack: reading + "secrets: [value, a]}}\nsecrets: {value: {external: true, x-template: '{{ secret \"a\" }}{{ secret \"b\" }}'}, a: {external: true, x-from: 'vault://kv/app#token'}}", secret: "value", reason: "x-template: the service has no secret with the target b"},
	"a part has no x-from":                      {stack: reading + "secrets: [value, a]}}\nsecrets: {value: {external: true, x-template: 'x{{ secret \"a\" }}'}, a: {external: true}}", secret: "value", reason: "x-from: is missing"},
}

// A variable that does not get its value must be a fault that says why and shows no
// value.
func TestBytesNamesWhatDiffers(t *testing.T) {
	for name, tt := range broken {
		t.Run(name, func(t *testing.T) {
			want := []Fault{{Service: "app", Variable: "VALUE", Secret: tt.secret, Reason: tt.reason}}
			if tt.image == postgres || strings.Contains(tt.stack, "POSTGRES_PASSWORD") {
				want[0].Variable = "POSTGRES_PASSWORD"
			}
			if tt.image == pihole {
				want[0].Variable = "FTLCONF_webserver_api_password"
			}
			if diff := cmp.Diff(want, faultsOf(t, tt.stack, "app", tt.image, "value-a")); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// A secret that no variable is must hold its value all the same, as must one that
// deploy asks for; what a template makes, or is not there, is not compared.
func TestBytesComparesSecrets(t *testing.T) {
	stack := "secrets: {a: {external: true, x-from: 'env://B'}, b: {external: true, x-from: 'env://B'}, t: {external: true, x-template: x}}\nx-inline: {A: 'env://A'}"
	var wants []Want
	for _, name := range []string{"a", "b", "t", "none", "${A}", "${B}"} {
		wants = append(wants, Want{Secret: name, Value: secret.NewValue("value-b")})
	}
	faults, err := bytesOf(stack, append(wants, Want{Secret: "a"}), map[string]bool{}, fromPlaces, keptVariables)
	if err != nil {
		t.Fatal(err)
	}
	want := []Fault{{Secret: "${A}", Reason: "its value would differ"}, {Secret: "a", Reason: "its value would differ"}}
	if diff := cmp.Diff(want, faults); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// Faults must come in the order of the variables, each once.
func TestBytesKeepsOrder(t *testing.T) {
	wants := []Want{{Service: "z", Variable: "B"}, {Service: "app", Variable: "VALUE"}, {Service: "z", Variable: "A"}}
	faults, err := bytesOf(`services: {app: {environment: {VALUE: ""}}}`, wants, nil, fromPlaces, keptVariables)
	if err != nil {
		t.Fatal(err)
	}
	want := []Fault{{Service: "z", Variable: "B", Reason: "the service is missing"}, {Service: "z", Variable: "A", Reason: "the service is missing"}}
	if diff := cmp.Diff(want, faults); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// What is no stack file must be an error.
func TestBytesRefusesWhatIsNoStackFile(t *testing.T) {
	for _, text := range []string{"a: [", "a: 1\n---\nb: 1\n", "secrets: {a: {external: true, x-from: nonsense}}"} {
		if _, err := bytesOf(text, nil, nil, fromPlaces, keptVariables); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}

// bytesOf is Bytes of the stack file text.
func bytesOf(text string, wants []Want, skip map[string]bool, sources Sources, kept Lookup) ([]Fault, error) {
	parsed, err := Parse([]byte(text))
	if err != nil {
		return nil, err
	}
	return parsed.Bytes(wants, skip, sources, kept)
}
