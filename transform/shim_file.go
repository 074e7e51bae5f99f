package transform

import (
	"slices"
	"strings"
)

const (
	// shimFolder is the folder in SecretsDir whose files are the variables.
	shimFolder = "env"

	// shimSeparator is between the names of variables that have one file. A service has a
	// secret in one file only, as docker stack deploy sends several references to one
	// secret in random order: every deploy would restart the service (docker/cli,
	// cli/compose/convert: sorted by the secret's name alone).
	shimSeparator = ","

	// longestShimFile keeps a file's name below the 255 bytes of Linux.
	longestShimFile = 200
)

// ShimVariables returns the variables that the shim makes of a file, which is called
// target in SecretsDir. It is nil if the file is not the shim's.
func ShimVariables(target string) []string {
	names, found := strings.CutPrefix(strings.TrimPrefix(target, SecretsDir), shimFolder+"/")
	if !found || names == "" {
		return nil
	}
	return strings.Split(names, shimSeparator)
}

// shimTakes reports whether name can be that of a file, for the shim and, without
// quotes, for a script.
func shimTakes(name string) bool {
	const others = "_@%+:-."
	isOther := func(c rune) bool {
		return (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && !strings.ContainsRune(others, c)
	}
	return name != "" && len(name) <= longestShimFile && name[0] != '.' && !strings.ContainsFunc(name, isOther)
}

// nameShimFiles sets the file of every delivery through the shim: the variables of one
// secret have one together.
func nameShimFiles(all []delivery) {
	names := map[string][]string{}
	for _, p := range all {
		if p.kind == DeliverEnv {
			names[p.decision.Secret] = append(names[p.decision.Secret], p.decision.Name)
		}
	}
	for i, p := range all {
		if p.kind == DeliverEnv {
			all[i].fixed = shimFile(names[p.decision.Secret], p.decision.Name)
		}
	}
}

// shimFile returns the target of the file that has name, one of names: with as many of
// the others as go into a file's name.
func shimFile(names []string, name string) string {
	var file string
	for _, other := range slices.Sorted(slices.Values(names)) {
		switch {
		case file == "":
			file = other
		case len(file)+len(shimSeparator+other) <= longestShimFile:
			file += shimSeparator + other
		case slices.Contains(strings.Split(file, shimSeparator), name):
			return shimFolder + "/" + file
		default:
			file = other
		}
	}
	return shimFolder + "/" + file
}

// ownInShimFolder is why a service cannot have the shim if mountsShimFiles.
const ownInShimFolder = "secrets of the service's own are in " + SecretsDir + shimFolder + ", where each file becomes a variable"

// mountsShimFiles reports whether one of refs, a service's own references to secrets, is
// in the shim's folder or takes its place.
func mountsShimFiles(refs []any) bool {
	return slices.ContainsFunc(refs, func(ref any) bool {
		target := strings.TrimPrefix(targetIn(ref), SecretsDir)
		return target == shimFolder || strings.HasPrefix(target, shimFolder+"/")
	})
}
