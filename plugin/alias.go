package plugin

import "github.com/spf13/pflag"

// sameFlag makes --other another name of the flag called name, as docker's prune has
// --force where other programs have --yes.
func sameFlag(flags *pflag.FlagSet, name, other string) {
	flags.SetNormalizeFunc(func(_ *pflag.FlagSet, given string) pflag.NormalizedName {
		if given == other {
			return pflag.NormalizedName(name)
		}
		return pflag.NormalizedName(given)
	})
}
