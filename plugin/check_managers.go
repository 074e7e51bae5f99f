package plugin

import (
	"net"
	"net/url"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/check"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform"
)

// managerVariables are the variables of the environment that hold the address of a
// secret manager, by its scheme: those that the managers' own clients read.
//
//nolint:gochecknoglobals // a table, never written
var managerVariables = []struct{ scheme, variable string }{
	{secret.SchemeAWS, "AWS_ENDPOINT_URL"},
	{secret.SchemeAWS, "AWS_ENDPOINT_URL_SECRETS_MANAGER"},
	{secret.SchemeVault, "VAULT_ADDR"},
	{secret.SchemeVault, "VAULT_AGENT_ADDR"},
}

// managerAddresses returns how the managers that the stack file names are reached. The
// address itself is left out: it may have a login in it.
func (i *inspection) managerAddresses() []check.Address {
	var all []check.Address
	for _, row := range managerVariables {
		address := lookupEnviron(i.options.load.Environ, row.variable)
		if address == "" || !i.usesScheme(row.scheme) {
			continue
		}
		all = append(all, check.Address{Manager: row.scheme + "://", Variable: row.variable, Plain: isPlain(address)})
	}
	return all
}

// usesScheme tells whether a value of the application comes from that manager.
func (i *inspection) usesScheme(scheme string) bool {
	for _, s := range i.stack.outline.Secrets {
		if slices.ContainsFunc(s.From, func(ref string) bool { return strings.HasPrefix(ref, scheme+"://") }) {
			return true
		}
	}
	return slices.ContainsFunc(i.app.decisions.Variables, func(d transform.Decision) bool { return d.Origin.Scheme == scheme })
}

// isPlain tells whether a request to address crosses a network without TLS.
func isPlain(address string) bool {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Scheme != "http" {
		return false
	}
	ip := net.ParseIP(parsed.Hostname())
	return parsed.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback())
}

func lookupEnviron(environ []string, name string) string {
	for _, pair := range slices.Backward(environ) {
		if text, found := strings.CutPrefix(pair, name+"="); found {
			return text
		}
	}
	return ""
}
