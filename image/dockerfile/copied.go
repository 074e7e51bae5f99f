package dockerfile

import (
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

// noteSources notes what node takes from the build context, and from which stages it
// takes files. A path that depends on a variable counts as the whole context.
func (s *stage) noteSources(node *parser.Node) {
	switch strings.ToLower(node.Value) {
	case "copy", "add":
		if from, elsewhere := flagOf(node, "--from="); elsewhere {
			s.uses = append(s.uses, from)
			return
		}
		words := wordsOf(node)
		for _, word := range words[:max(0, len(words)-1)] {
			if !strings.HasPrefix(word, "<<") {
				s.take(word)
			}
		}
	case "run":
		for _, flag := range node.Flags {
			if options, isMount := strings.CutPrefix(flag, "--mount="); isMount {
				s.noteMount(options)
			}
		}
	case "onbuild":
		s.take(".") // it may copy anything into what is built on it
	}
}

// noteMount notes the options of RUN --mount: a bind mount is of the context, unless it
// is from elsewhere.
func (s *stage) noteMount(options string) {
	kind, source, from := "bind", ".", ""
	for option := range strings.SplitSeq(options, ",") {
		key, value, _ := strings.Cut(option, "=")
		switch key {
		case "type":
			kind = value
		case "source", "src":
			source = value
		case "from":
			from = value
		}
	}
	switch {
	case from != "":
		s.uses = append(s.uses, from)
	case kind == "bind":
		s.take(source)
	}
}

// take notes a path or a pattern in the context.
func (s *stage) take(word string) {
	if strings.Contains(word, "$") {
		word = "."
	}
	s.sources = append(s.sources, strings.TrimPrefix(path.Clean("/"+word), "/"))
}

// copied are the patterns of what stage i and those that it is made of take from the
// context, sorted; "" is all of it. The second result are the images that these stages
// are FROM.
func (r *reader) copied(i int) (sources, from []string) {
	seen, patterns := map[int]bool{}, map[string]bool{}
	var visit func(i int)
	visit = func(i int) {
		if i < 0 || seen[i] {
			return
		}
		seen[i] = true
		for _, pattern := range r.stages[i].sources {
			patterns[pattern] = true
		}
		if r.stages[i].parent < 0 {
			if base, missing := r.expand(r.stages[i].from, r.global); len(missing) == 0 {
				from = append(from, base)
			}
		}
		visit(r.stages[i].parent)
		for _, name := range r.stages[i].uses {
			visit(r.stageUsed(name))
		}
	}
	visit(i)
	return slices.Sorted(maps.Keys(patterns)), from
}

// stageUsed is the index of the stage that --from= names, by name or number, or -1.
func (r *reader) stageUsed(name string) int {
	if i := r.stageNamed(name); i >= 0 {
		return i
	}
	if i, err := strconv.Atoi(name); err == nil && i >= 0 && i < len(r.stages) {
		return i
	}
	return -1
}

func flagOf(node *parser.Node, prefix string) (string, bool) {
	for _, flag := range node.Flags {
		if value, found := strings.CutPrefix(flag, prefix); found {
			return value, true
		}
	}
	return "", false
}

func wordsOf(node *parser.Node) []string {
	var words []string
	for next := node.Next; next != nil; next = next.Next {
		words = append(words, next.Value)
	}
	return words
}
