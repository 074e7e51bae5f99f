package aws

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/docker-secrets/docker-secrets/internal/lazyregexp"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// errNoSecret stands until explained says which names there are.
var errNoSecret = fmt.Errorf("no such secret: %w", store.ErrNotFound)

const trust = "AWS_CA_BUNDLE or SSL_CERT_FILE"

// refusals are AWS's error codes that are the same for every call, and what they
// say to a person; the first two rows are about who asks. %[1]s is the code, %[2]s the secret, %[3]s the region.
//
//nolint:gochecknoglobals // a table, never written
var refusals = []struct {
	codes []string
	text  string
}{
	{[]string{"ExpiredTokenException", "ExpiredToken", "RequestExpired"}, "the AWS credentials have expired; log in again (aws sso login), or renew AWS_SESSION_TOKEN"},
	{
		[]string{
			"UnrecognizedClientException", "InvalidClientTokenId", "InvalidSignatureException", "SignatureDoesNotMatch",
			"IncompleteSignature", "IncompleteSignatureException", "MissingAuthenticationToken", "MissingAuthenticationTokenException",
		},
		"AWS does not accept the credentials (%[1]s); check them with aws sts get-caller-identity, and the clock",
	},
	{throttled, "AWS throttled the calls to the end of the retries; try again, or set AWS_MAX_ATTEMPTS higher"},
	{[]string{"OptInRequired", "SubscriptionRequiredException"}, "the AWS account does not use %[3]s (%[1]s); check the region"},
	{[]string{"DecryptionFailure"}, "the KMS key of %[2]s does not decrypt it; check that the key is enabled"},
	{[]string{"EncryptionFailure"}, "the KMS key of %[2]s does not encrypt; check that the key is enabled"},
	{[]string{"InvalidParameterException", "ValidationException"}, "AWS refuses the name or an argument (%[1]s); check the reference"},
	{[]string{"LimitExceededException"}, "AWS keeps no more secrets or versions (%[1]s); versions of the last day are never removed, so try again tomorrow"},
	{[]string{"ResourceExistsException", "PreconditionNotMetException"}, "somebody else writes it at this moment (%[1]s); run it again"},
	{[]string{"InternalServiceError", "InternalFailure", "InternalServerError", "ServiceUnavailable", "ServiceUnavailableException"}, "AWS failed (%[1]s) to the end of the retries; try again later"},
}

//nolint:gochecknoglobals // a table, never written
var throttled = []string{"ThrottlingException", "Throttling", "ThrottledException", "TooManyRequestsException", "RequestLimitExceeded", "RequestThrottled", "RequestThrottledException", "SlowDown"}

// passes tells whether an entry's fault in a batch is one that a call of its own,
// which is retried, may not meet again.
func passes(code string) bool {
	return slices.Contains(throttled, code) || strings.HasPrefix(code, "Internal") || strings.HasPrefix(code, "ServiceUnavailable")
}

// isAboutAll tells whether err, the answer to a batch, would be that to each call:
// it is about the credentials or the way there, not about a secret or a permission.
func isAboutAll(err error) bool {
	fault, ok := errors.AsType[smithy.APIError](err)
	switch status := status(err); {
	case status == http.StatusNotImplemented: // by what only resembles AWS
		return false
	case !ok:
		return status == 0 || status >= http.StatusInternalServerError
	}
	for _, row := range refusals[:2] {
		if slices.Contains(row.codes, fault.ErrorCode()) {
			return true
		}
	}
	return passes(fault.ErrorCode())
}

// status is the HTTP status of the answer that err is about, 0 when there is none.
func status(err error) int {
	if response, ok := errors.AsType[*smithyhttp.ResponseError](err); ok && response.Response != nil {
		return response.HTTPStatusCode()
	}
	return 0
}

// fault says in one line why a call about place, which needs the permission action,
// did not succeed. It quotes nothing of the answer but AWS's error code and the
// identity that AWS says was refused.
func (r regional) fault(ctx context.Context, err error, place location, action string) error {
	fault, ok := errors.AsType[smithy.APIError](err)
	status := status(err)
	switch {
	case ok && fault.ErrorCode() != "UnknownError":
		return r.refusal(fault.ErrorCode(), fault.ErrorMessage(), place, action)
	case status >= http.StatusInternalServerError:
		return fmt.Errorf("AWS failed (HTTP status %d) to the end of the retries; try again later", status)
	case ok, status >= http.StatusBadRequest:
		return fmt.Errorf("AWS answers with HTTP status %d; check the endpoint and the proxy", status)
	}
	if fault := store.Unreached(ctx, err, r.host(), trust); fault != nil {
		return fault
	}
	return fmt.Errorf("%s does not answer as AWS does; check the region, the endpoint and the proxy", r.host())
}

// refusal is fault for an answer with an error code.
func (r regional) refusal(code, message string, place location, action string) error {
	switch code {
	case "ResourceNotFoundException":
		if strings.Contains(message, "secret value") || !place.plain() && strings.Contains(message, "ersion") {
			return r.noVersion(place)
		}
		return errNoSecret
	case "AccessDeniedException", "AccessDenied":
		return denied(message, place, action)
	case "InvalidRequestException":
		if strings.Contains(message, "delet") {
			return r.deleted(place)
		}
		return fmt.Errorf("AWS does not do this to %s in the state that it is in (%s); look at it with: aws secretsmanager describe-secret --secret-id %s --region %s", place.name(), code, place.id, r.name)
	}
	for _, row := range refusals {
		if slices.Contains(row.codes, code) {
			text := strings.NewReplacer("%[1]s", code, "%[2]s", place.name(), "%[3]s", r.name).Replace(row.text)
			return errors.New(text)
		}
	}
	return fmt.Errorf("AWS refuses it (%s); look that code up in AWS's documentation of Secrets Manager", code)
}

//nolint:gochecknoglobals // expressions, never written
var identityPattern = lazyregexp.New(`^User: (arn:[A-Za-z0-9:/_+=,.@-]+) is not authorized to perform: ([a-z]+:[A-Za-z]+)`)

func denied(message string, place location, action string) error {
	if strings.Contains(message, "KMS") || strings.Contains(message, "kms:") {
		return fmt.Errorf("access denied: KMS does not let you use the key of %s; allow kms:Decrypt on it (and kms:GenerateDataKey to write)", place.name())
	}
	who := "you"
	if said := identityPattern().FindStringSubmatch(message); said != nil {
		who, action = said[1], said[2]
	}
	if strings.Contains(message, "explicit deny") {
		return fmt.Errorf("access denied: a policy denies %s on %s to %s explicitly; whoever keeps that policy can change it", action, place.name(), who)
	}
	return fmt.Errorf("access denied: %s may not do it; allow %s on %s", who, action, place.name())
}

func (r regional) deleted(place location) error {
	return fmt.Errorf("the secret is scheduled for deletion; restore it with: aws secretsmanager restore-secret --secret-id %s --region %s", place.id, r.name)
}

// noVersion is for a secret that is there, but has not what place asks for. Only a
// secret that was never given a value counts as not found.
func (r regional) noVersion(place location) error {
	if place.plain() {
		return fmt.Errorf("the secret %s is there but was never given a value: %w", place.name(), store.ErrNotFound)
	}
	asked := place.version
	if asked == "" {
		asked = place.stage
	}
	return fmt.Errorf("the secret %s has no version %s; see those it has with: aws secretsmanager list-secret-version-ids --secret-id %s --region %s", place.name(), asked, place.id, r.name)
}
