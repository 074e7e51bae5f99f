package transform

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/docker-secrets/docker-secrets/transform/images"
	"github.com/docker-secrets/docker-secrets/transform/seal"
	"github.com/docker-secrets/docker-secrets/transform/shell"
)

// serviceRewrite is the rewrite of one service.
type serviceRewrite struct {
	r           *rewriter
	name        string
	from, to    map[string]any
	image       images.Config
	shell       images.Answer // whether one can run in it
	program     program
	runs        string // where what it runs is known from
	imageKnown  bool   // what the image says is known
	prologue    bool   // its own script makes the variables, since what runs before that is not known
	environment *block
	refs        []any
	deliveries  []delivery
	targets     targets
}

// service returns a copy of from with its secrets delivered.
func (r *rewriter) service(name string, from map[string]any) map[string]any {
	s := &serviceRewrite{
		r: r, name: name, from: from, to: shallow(from), environment: newBlock(from["environment"]),
		refs: slices.Clone(asList(from["secrets"])), targets: targetsOf(asList(from["secrets"])),
	}
	s.knowImage()
	moved := s.moved()
	s.deliver(moved)
	s.noteUnread()
	s.rewriteProgram()
	s.rewriteHealthcheck()
	s.giveShim(s.through(DeliverEnv))
	s.program.write(s.to)
	if _, asked := r.options.Images[name]; asked && s.madeDifference() {
		r.result.Images = append(r.result.Images, name)
	}
	if len(s.refs) > 0 {
		s.to["secrets"] = s.refs
	}
	s.to["environment"] = s.environment.value()
	if s.to["environment"] == nil {
		delete(s.to, "environment")
	}
	return s.to
}

// moved returns the variables that move, those of the compose file first.
func (s *serviceRewrite) moved() []Decision {
	var moved []Decision
	for _, d := range s.r.of(s.name) {
		if d.Secret == "" {
			continue
		}
		moved = append(moved, d)
		if d.Unset {
			s.r.warn("unset-secret", d, fmt.Sprintf("%s is not set here; deploy needs its value from %s", d.Name, d.Origin))
		}
	}
	slices.SortStableFunc(moved, func(a, b Decision) int {
		switch {
		case a.fromEnvFile() == b.fromEnvFile():
			return 0
		case b.fromEnvFile():
			return -1
		}
		return 1
	})
	return moved
}

// deliver edits environment and adds the references to the secrets.
func (s *serviceRewrite) deliver(moved []Decision) {
	s.deliveries = s.chooseDeliveries(moved)
	for _, p := range s.deliveries {
		d := p.decision
		switch {
		case p.variable != "":
			s.environment.put(d.Name, p.variable, p.value+p.target)
			s.r.result.Renamed = append(s.r.result.Renamed, Renamed{Service: d.Service, From: d.Name, To: p.variable})
		default:
			s.environment.remove(d.Name)
		}
		if prepare := wayOf(p.kind).prepare; prepare != nil {
			prepare(s)
		}
		s.warnDelivery(p, moved)
		s.refer(d.Secret, p.reference())
		s.r.result.Delivered = append(s.r.result.Delivered, Delivered{
			Service: d.Service, Variable: d.Name, Secret: d.Secret, Delivery: p.kind, Target: p.target, Evidence: wayOf(p.kind).evidence(s, p),
		})
	}
}

// refer gives the service the secret. A second reference to one secret would make
// Swarm restart tasks at random.
func (s *serviceRewrite) refer(name string, reference any) {
	if slices.Contains(s.r.used[name], s.name) {
		return
	}
	s.refs = append(s.refs, reference)
	s.r.used[name] = append(s.r.used[name], s.name)
}

// pathOf returns where the service reads a secret. The service gets the secret if
// it has not got it.
func (s *serviceRewrite) pathOf(name string) string {
	target := s.targets.choose(name, name)
	s.refer(name, reference(name, target))
	return SecretsDir + target
}

// through returns the deliveries of one kind.
func (s *serviceRewrite) through(kind DeliveryKind) []delivery {
	var all []delivery
	for _, p := range s.deliveries {
		if p.kind == kind {
			all = append(all, p)
		}
	}
	return all
}

// knowImage reads what is known about what the service runs: from the lookup, else
// from the table of images.
func (s *serviceRewrite) knowImage() {
	image, known := s.r.options.Images[s.name]
	commandKnown := known
	s.runs = cmp.Or(s.r.options.Runs[s.name], "the config of "+s.subject())
	name, _ := s.from["image"].(string)
	if s.from["build"] != nil {
		name = "" // the table does not know what is built under that name
	}
	row, inTable := images.EntrypointFor(name)
	switch {
	case known && inTable && image.HasShell == images.NotKnown:
		image.HasShell = row.HasShell
	case !known:
		image, known, commandKnown = row, inTable, inTable && row.Command != nil
		s.runs = "the Dockerfile of " + name
	}
	s.image, s.imageKnown = image, known
	s.program = programOf(s.from, image, known, commandKnown)
	if s.program.authorEntry {
		s.runs = "entrypoint: in the compose file"
	}
	s.shell = image.HasShell
	script := shell.ScriptIn(s.program.words())
	runs, _ := s.from["image"].(string)
	if script >= 0 || showsShell(s.from) || s.r.shells[runs] {
		s.shell = images.Yes
	}
	if script >= 0 && !s.program.known() {
		s.prologue = true
	}
}

// subject returns what people call the service's image.
func (s *serviceRewrite) subject() string {
	if name, _ := s.from["image"].(string); name != "" && !seal.Has(name) {
		return name
	}
	return "the image of " + s.name
}

// madeDifference tells whether the service would be another one if nothing were
// known of its image.
func (s *serviceRewrite) madeDifference() bool {
	written := s.to["healthcheck"] != nil && asMap(s.from["healthcheck"])["test"] == nil
	refused := (s.shell == images.No || s.shellIsDoubtful()) && (len(s.through(DeliverUnread)) > 0 || slices.ContainsFunc(s.program.words(), seal.Has))
	return len(s.through(DeliverEnv)) > 0 || s.program.newEntrypoint || s.program.newCommand || written || refused
}

// unknownProgram returns what is not known about what the service runs, and why it is
// not known here.
func (s *serviceRewrite) unknownProgram() (cause, detail string) {
	if s.program.entryKnown {
		return "the command of " + s.subject() + " is not known, and the compose file gives none", ""
	}
	return "the entrypoint of " + s.subject() + " is not known", s.r.options.NotKnown[s.name]
}
