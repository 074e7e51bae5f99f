package lower

// Versions of the stack schema. CLIs of 20.10 want to be told one, and refuse one
// that they do not know.
const (
	versionBase = "3.9"
	version312  = "3.12" // healthcheck.start_interval
	version313  = "3.13" // oom_score_adj, driver_opts of a service's network
)

// need raises the version. Versions of two digits compare as text.
func (l *lowering) need(version string) {
	if l.version == versionBase || version > l.version {
		l.version = version
	}
}
