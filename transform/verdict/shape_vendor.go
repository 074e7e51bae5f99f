package verdict

import (
	"strings"

	"github.com/docker-secrets/docker-secrets/internal/lazyregexp"
)

// vendorTokens are the prefixes that issuers give to tokens which are always
// secret, and what follows them; from the issuers' own documentation. Prefixes
// that publishable keys share are left out.
//
//nolint:gochecknoglobals // a table, never written
var vendorTokens = byFirstByte([]vendorToken{
	{issuer: "1Password", prefix: "ops_ey", min: 40},
	{issuer: "1Password", prefix: "A3-", min: 27},
	{issuer: "Anthropic, OpenAI, OpenRouter, Langfuse", prefix: "sk-", min: 24},
	{issuer: "Atlassian", prefix: "ATATT3", min: 20},
	{issuer: "Atlassian", prefix: "ATBB", min: 24},
	{issuer: "Brevo", prefix: "xkeysib-", min: 32},
	{issuer: "Databricks", prefix: "dapi", min: 32, hex: true},
	{issuer: "DigitalOcean", prefix: "dop_v1_", min: 40, hex: true},
	{issuer: "DigitalOcean", prefix: "doo_v1_", min: 40, hex: true},
	{issuer: "DigitalOcean", prefix: "dor_v1_", min: 40, hex: true},
	{issuer: "Docker Hub", prefix: "dckr_pat_", min: 16},
	{issuer: "Docker Hub", prefix: "dckr_oat_", min: 16},
	{issuer: "Doppler", prefix: "dp.st.", min: 20},
	{issuer: "Doppler", prefix: "dp.pt.", min: 20},
	{issuer: "Doppler", prefix: "dp.ct.", min: 20},
	{issuer: "Figma", prefix: "figd_", min: 20},
	{issuer: "GitHub", prefix: "ghp_", min: 20},
	{issuer: "GitHub", prefix: "gho_", min: 20},
	{issuer: "GitHub", prefix: "ghu_", min: 20},
	{issuer: "GitHub", prefix: "ghs_", min: 20},
	{issuer: "GitHub", prefix: "ghr_", min: 20},
	{issuer: "GitHub", prefix: "github_pat_", min: 20},
	{issuer: "GitLab", prefix: "glpat-", min: 16},
	{issuer: "GitLab", prefix: "gldt-", min: 16},
	{issuer: "GitLab", prefix: "glrt-", min: 16},
	{issuer: "GitLab", prefix: "glptt-", min: 16},
	{issuer: "GitLab", prefix: "glcbt-", min: 16},
	{issuer: "GitLab", prefix: "gloas-", min: 16},
	{issuer: "GitLab", prefix: "glagent-", min: 16},
	{issuer: "Google", prefix: "GOCSPX-", min: 20},
	{issuer: "Google", prefix: "ya29.", min: 20},
	{issuer: "Grafana", prefix: "glsa_", min: 20},
	{issuer: "Grafana", prefix: "glc_", min: 20},
	{issuer: "Groq", prefix: "gsk_", min: 20},
	{issuer: "HashiCorp Vault", prefix: "hvs.", min: 20},
	{issuer: "HashiCorp Vault", prefix: "hvb.", min: 20},
	{issuer: "HashiCorp Vault", prefix: "hvr.", min: 20},
	{issuer: "Hugging Face", prefix: "hf_", min: 20},
	{issuer: "Linear", prefix: "lin_api_", min: 20},
	{issuer: "Mailgun", prefix: "key-", min: 32, hex: true},
	{issuer: "New Relic", prefix: "NRAK-", min: 20},
	{issuer: "Notion", prefix: "ntn_", min: 30},
	{issuer: "Notion", prefix: "secret_", min: 40},
	{issuer: "npm", prefix: "npm_", min: 30},
	{issuer: "Perplexity", prefix: "pplx-", min: 20},
	{issuer: "PlanetScale", prefix: "pscale_tkn_", min: 16},
	{issuer: "PlanetScale", prefix: "pscale_pw_", min: 16},
	{issuer: "Plex", prefix: "claim-", min: 20},
	{issuer: "PostHog", prefix: "phx_", min: 20},
	{issuer: "Postman", prefix: "PMAK-", min: 20},
	{issuer: "PyPI", prefix: "pypi-AgE", min: 16},
	{issuer: "Replicate", prefix: "r8_", min: 20},
	{issuer: "RubyGems", prefix: "rubygems_", min: 40, hex: true},
	{issuer: "SendGrid", prefix: "SG.", min: 32},
	{issuer: "Sentry", prefix: "sntrys_", min: 20},
	{issuer: "Sentry", prefix: "sntryu_", min: 20},
	{issuer: "Shopify", prefix: "shpat_", min: 24, hex: true},
	{issuer: "Shopify", prefix: "shpss_", min: 24, hex: true},
	{issuer: "Shopify", prefix: "shpca_", min: 24, hex: true},
	{issuer: "Slack", prefix: "xoxb-", min: 10},
	{issuer: "Slack", prefix: "xoxp-", min: 10},
	{issuer: "Slack", prefix: "xoxa-", min: 10},
	{issuer: "Slack", prefix: "xoxr-", min: 10},
	{issuer: "Slack", prefix: "xoxs-", min: 10},
	{issuer: "Slack", prefix: "xoxe-", min: 10},
	{issuer: "Slack", prefix: "xapp-", min: 12},
	{issuer: "Square", prefix: "sq0csp-", min: 20},
	{issuer: "Square", prefix: "sq0atp-", min: 20},
	{issuer: "Stripe", prefix: "sk_live_", min: 10},
	{issuer: "Stripe", prefix: "sk_test_", min: 10},
	{issuer: "Stripe", prefix: "rk_live_", min: 10},
	{issuer: "Stripe", prefix: "rk_test_", min: 10},
	{issuer: "Stripe, Svix", prefix: "whsec_", min: 16},
	{issuer: "Supabase", prefix: "sb_secret_", min: 16},
	{issuer: "Supabase", prefix: "sbp_", min: 32},
	{issuer: "Tailscale", prefix: "tskey-", min: 14},
	{issuer: "Tavily", prefix: "tvly-", min: 16},
	{issuer: "xAI", prefix: "xai-", min: 20},
})

// vendorToken is one row: at least min characters of a token's alphabet follow
// the prefix, at least one of them a digit or an upper-case letter.
type vendorToken struct {
	issuer, prefix string
	min            int
	hex            bool
}

func byFirstByte(tokens []vendorToken) map[byte][]vendorToken {
	index := map[byte][]vendorToken{}
	for _, t := range tokens {
		index[t.prefix[0]] = append(index[t.prefix[0]], t)
	}
	return index
}

// isVendorSecret reports whether a word of v has the prefix or the shape that its issuer
// gives to secret tokens only.
func isVendorSecret(v string) bool { return tells(vendorSecrets)(v) }

// vendorSecrets finds the tokens of text that have their issuer's prefix or shape.
func vendorSecrets(text string) ranges {
	return func(yield func(int, int) bool) {
		for i := 0; i+16 <= len(text); i++ {
			if i > 0 && isTokenByte(text[i-1]) {
				continue
			}
			if n := vendorTokenAt(text[i:]); n > 0 && !yield(i, i+n) {
				return
			}
		}
		botTokens(text, yield)
	}
}

// vendorTokenAt returns the length of the token that text begins with, 0 for none.
func vendorTokenAt(text string) int {
	for _, t := range vendorTokens[text[0]] {
		if rest, found := strings.CutPrefix(text, t.prefix); found {
			if n := t.fits(rest); n > 0 {
				return len(t.prefix) + n
			}
		}
	}
	return 0
}

// fits returns the length of the part after the prefix, 0 if that is no token.
func (t vendorToken) fits(rest string) int {
	n := 0
	for n < len(rest) && isTokenByte(rest[n]) {
		n++
	}
	body := rest[:n]
	switch {
	case n < t.min:
		return 0
	case t.hex && strings.Trim(body[:t.min], "0123456789abcdefABCDEF") != "":
		return 0
	case !t.hex && !strings.ContainsFunc(body, func(r rune) bool { return r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' }):
		return 0
	}
	return n
}

// isTokenByte reports whether b can stand inside a token.
func isTokenByte(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '_' || b == '-' || b == '.' || b == '+'
}

// botTokens finds the tokens without a prefix: bots of Telegram and Discord,
// Terraform Cloud.
func botTokens(text string, yield func(int, int) bool) {
	for _, shape := range []struct {
		mark    string
		pattern lazyregexp.Regexp
	}{{":AA", telegramBot}, {".atlasv1.", terraform}, {".", discordBot}} {
		if strings.Contains(text, shape.mark) && !group(shape.pattern().FindAllStringSubmatchIndex(text, -1), 1, yield) {
			return
		}
	}
}

//nolint:gochecknoglobals // tables, never written
var (
	telegramBot = lazyregexp.New(`(?:^|[^0-9A-Za-z]|bot)([0-9]{8,10}:AA[\w-]{32,})`)
	terraform   = lazyregexp.New(`([A-Za-z0-9]+\.atlasv1\.[\w-]+)`)
	discordBot  = lazyregexp.New(`(?:^|[\s"'=:])([MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,})(?:$|[\s"',;])`)
)
