package verdict

import (
	"strings"

	"github.com/docker-secrets/docker-secrets/internal/lazyregexp"
	"github.com/docker-secrets/docker-secrets/transform/images"
)

func isEmpty(s *subject) bool    { return s.value == "" }
func notANumber(s *subject) bool { return s.value == "" || !isQuantity(s.value) }

// isDescribed tells whether nothing about the value speaks against a name that says
// that it describes something.
func isDescribed(s *subject) bool {
	return mistakable(s) && !s.generatedCredential()
}

// isPathOrContent is isPathName for what is as often the content of a file.
func isPathOrContent(s *subject) bool { return isPathName(s) && isDescribed(s) }

// generatedCredential tells whether the value was generated and the name has a
// credential's name in it: then a last word like READ_ONLY, MS or CA says for whom or
// where, not what. Identifiers are generated as well.
func (s *subject) generatedCredential() bool {
	if s.generated == 0 {
		s.generated = -1
		if s.value != "" && generatedNames.match(s) && !(identityOf.match(s) && !secretKeyID.match(s)) && (isGenerated(s.value) || len(s.value) >= 16 && isNumber(s.value) && isVaried(s.value)) {
			s.generated = 1
		}
	}
	return s.generated > 0
}

//nolint:gochecknoglobals // a table, never written
var secretKeyID = newPhrases(`~secret key id, ~private key secret, ~secret access key id`)

// isCookie tells the cookies that log somebody in from a cookie's name: name=value or
// a generated text.
func isCookie(v string) bool { return isGenerated(v) || len(v) >= 12 && strings.Contains(v, "=") }

// isRandomWord tells whether v looks generated where isRandom is not sure: it is
// shorter, in groups, or has a password's punctuation.
func isRandomWord(v string) bool {
	if len(v) < 12 || len(v) > 64 || uuid().MatchString(v) {
		return false
	}
	return groups().MatchString(v) && hasGeneratedPart(v) || isDecorated(v) && !strings.ContainsAny(v, " .,;(){}<>|\\")
}

//nolint:gochecknoglobals // a table, never written
var groups = lazyregexp.New(`^[A-Za-z0-9]+(?:[_-][A-Za-z0-9]+)*$`)

func isPublicName(s *subject) bool { return mistakable(s) && !guarded.match(s) }

func notBrowserKey(s *subject) bool { return !browserKeys.match(s) }

func notIdentifier(s *subject) bool { return !identifiers.match(s) }

// isIdentity keeps the identifiers that are half of a key pair, and lists of
// users with their passwords, for a later rule.
func isIdentity(s *subject) bool {
	return isDescribed(s) && !keyPairIDs.match(s) &&
		(s.words[len(s.words)-1] != "users" || !isUserAndPassword(s.value))
}

// isAddress holds for addresses without a credential. An empty one can be the
// place of a connection string or a chat webhook.
func isAddress(s *subject) bool {
	if s.value == "" {
		return !connections.match(s) && !servers.match(s) && !isWebhookKey(s)
	}
	return mistakable(s) && !hasURLCredential(s.value) && !isWebhookKey(s)
}

// isStructureKey asks the value too: Azure calls a credential PRIMARY_KEY.
func isStructureKey(s *subject) bool {
	return mistakable(s) && !isRandom(s.value) && !encryption.match(s)
}

//nolint:gochecknoglobals // a table, never written
var encryption = newPhrases(`~encryption, ~private, ~secret, ~azure, ~cosmos, ~cosmosdb`)

// isPathName keeps what is the content of a file, as its last word says, from
// names of files.
func isPathName(s *subject) bool { return mistakable(s) && !inlined[s.words[len(s.words)-1]] }

// isWorkingDirectory knows the two names that every shell sets.
func isWorkingDirectory(s *subject) bool { return s.name == "PWD" || s.name == "OLDPWD" }

//nolint:gochecknoglobals // a table, never written
var inlined = images.WordSet("content contents data value text json pem base64 b64 string")

//nolint:gochecknoglobals // a table, never written
var choiceWords = images.WordSet(`login plain cram-md5 cram_md5 digest basic htpasswd none oauth oauth2 oidc ldap saml jwt token local
	internal external header proxy password md5 scram scram-sha-256 trust peer ident cert kerberos ntlm anonymous auto default
	optional required mandatory include omit same-origin env file memory redis database vault keyring bearer apikey api_key github google gitlab sso`)

// isChoiceWord tells whether v picks one of several ways rather than being a
// secret: SMTP_AUTH=login.
func isChoiceWord(v string) bool { return len(v) <= 16 && choiceWords[strings.ToLower(v)] }

// isWebhookKey tells whether the address of a webhook is its only protection:
// those of chat systems, and any whose path ends in a key.
func isWebhookKey(s *subject) bool {
	if !webhookNames.match(s) {
		return false
	}
	if s.value == "" {
		return chatSystems.match(s) && urlWords.match(s)
	}
	return hasRandomPart(s.value)
}

// hasRandomPart tells whether a part of a URL's path looks generated.
func hasRandomPart(url string) bool {
	_, rest, found := strings.Cut(url, "://")
	if !found {
		return false
	}
	for part := range strings.SplitSeq(rest, "/") {
		if isGenerated(part) && strings.IndexByte(part, '.') < 0 || uuid().MatchString(part) {
			return true
		}
	}
	return false
}

// isKey judges what is called a key and nothing more: it is one when it looks
// generated, when its author says that it must be replaced, or when there is
// nothing yet to look at.
func isKey(s *subject) bool {
	v := s.value
	return notBrowserKey(s) && (v == "" || isCode(v) || isPlaceholder(v) || len(v) >= 16 && turns(v) >= len(v)/3)
}

// isLicense tells a licence from the word that accepts one.
func isLicense(s *subject) bool { return s.value == "" || len(s.value) >= 16 }

// isPIN tells a number to be typed from the number of a pin.
func isPIN(s *subject) bool { return s.value == "" || len(s.value) >= 4 && isNumber(s.value) }
