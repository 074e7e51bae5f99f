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

// errNoSecret is replaced by explainMissing, which adds suggestions.
var errNoSecret = fmt.Errorf("no such secret: %w", store.ErrNotFound)

// caVariables are the variables that name CA certificates.
const caVariables = "AWS_CA_BUNDLE or SSL_CERT_FILE"

// refusals has the fault for each of AWS's error codes that any call may return. The first
// two rows are about credentials. %[1]s is the code, %[2]s the secret, %[3]s the region.
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
	{throttled, "AWS still throttled the calls after all retries; try again, or set AWS_MAX_ATTEMPTS higher"},
	{[]string{"OptInRequired", "SubscriptionRequiredException"}, "the AWS account does not use %[3]s (%[1]s); check the region"},
	{[]string{"DecryptionFailure"}, "the KMS key of %[2]s does not decrypt it; check that the key is enabled"},
	{[]string{"EncryptionFailure"}, "the KMS key of %[2]s does not encrypt; check that the key is enabled"},
	{[]string{"InvalidParameterException", "ValidationException"}, "AWS refuses the name or an argument (%[1]s); check the reference"},
	{[]string{"LimitExceededException"}, "the AWS limit of secrets or versions is reached (%[1]s); versions of the last day are never removed, so try again tomorrow"},
	{[]string{"ResourceExistsException", "PreconditionNotMetException"}, "another client is writing it (%[1]s); run the command again"},
	{[]string{"InternalServiceError", "InternalFailure", "InternalServerError", "ServiceUnavailable", "ServiceUnavailableException"}, "AWS failed (%[1]s) after all retries; try again later"},
}

//nolint:gochecknoglobals // a table, never written
var throttled = []string{"ThrottlingException", "Throttling", "ThrottledException", "TooManyRequestsException", "RequestLimitExceeded", "RequestThrottled", "RequestThrottledException", "SlowDown"}

// isTemporary reports whether a call with this error code may succeed later. The SDK
// retries calls, but not a failed entry of a batch.
func isTemporary(code string) bool {
	return slices.Contains(throttled, code) || strings.HasPrefix(code, "Internal") || strings.HasPrefix(code, "ServiceUnavailable")
}

// appliesToAll reports whether err, the answer to a batch, would be the answer to every
// single call too: it is about credentials or the connection, not about one secret or a
// permission.
func appliesToAll(err error) bool {
	answer, answered := errors.AsType[smithy.APIError](err)
	switch status := httpStatus(err); {
	case status == http.StatusNotImplemented: // some other servers that speak AWS's protocol have no batches
		return false
	case !answered:
		return status == 0 || status >= http.StatusInternalServerError
	}
	for _, row := range refusals[:2] {
		if slices.Contains(row.codes, answer.ErrorCode()) {
			return true
		}
	}
	return isTemporary(answer.ErrorCode())
}

// httpStatus returns the HTTP status of the answer that err is about, 0 if there was none.
func httpStatus(err error) int {
	if response, ok := errors.AsType[*smithyhttp.ResponseError](err); ok && response.Response != nil {
		return response.HTTPStatusCode()
	}
	return 0
}

// fault explains in one line why a call about loc failed. action is the permission that the
// call needs. The text quotes nothing of the answer but AWS's error code and the identity
// that was refused.
func (r regionClient) fault(ctx context.Context, err error, loc location, action string) error {
	answer, answered := errors.AsType[smithy.APIError](err)
	status := httpStatus(err)
	switch {
	case answered && answer.ErrorCode() != "UnknownError":
		return r.codeFault(answer.ErrorCode(), answer.ErrorMessage(), loc, action)
	case status >= http.StatusInternalServerError:
		return fmt.Errorf("AWS failed (HTTP status %d) after all retries; try again later", status)
	case answered, status >= http.StatusBadRequest:
		return fmt.Errorf("AWS answers with HTTP status %d; check the endpoint and the proxy", status)
	}
	if fault := store.ConnectionFault(ctx, err, r.host(), caVariables); fault != nil {
		return fault
	}
	return fmt.Errorf("%s does not answer as AWS does; check the region, the endpoint and the proxy", r.host())
}

// codeFault is fault for an answer with an error code. Of message it quotes only the
// identity and the action that were refused.
func (r regionClient) codeFault(code, message string, loc location, action string) error {
	switch code {
	case "ResourceNotFoundException":
		if strings.Contains(message, "secret value") || !loc.isCurrent() && strings.Contains(message, "ersion") {
			return r.noVersionFault(loc)
		}
		return errNoSecret
	case "AccessDeniedException", "AccessDenied":
		return deniedFault(message, loc, action)
	case "InvalidRequestException":
		if strings.Contains(message, "delet") {
			return r.deletedFault(loc)
		}
		return fmt.Errorf("AWS cannot do this to %s in its current state (%s); see: aws secretsmanager describe-secret --secret-id %s --region %s", loc.name(), code, loc.id, r.name)
	}
	for _, row := range refusals {
		if slices.Contains(row.codes, code) {
			text := strings.NewReplacer("%[1]s", code, "%[2]s", loc.name(), "%[3]s", r.name).Replace(row.text)
			return errors.New(text)
		}
	}
	return fmt.Errorf("AWS refuses it (%s); look that code up in AWS's documentation of Secrets Manager", code)
}

//nolint:gochecknoglobals // expressions, never written
var identityPattern = lazyregexp.New(`^User: (arn:[A-Za-z0-9:/_+=,.@-]+) is not authorized to perform: ([a-z]+:[A-Za-z]+)`)

func deniedFault(message string, loc location, action string) error {
	if strings.Contains(message, "KMS") || strings.Contains(message, "kms:") {
		return fmt.Errorf("access denied: KMS denies the use of the key of %s; allow kms:Decrypt on it (and kms:GenerateDataKey to write)", loc.name())
	}
	who := "you"
	if said := identityPattern().FindStringSubmatch(message); said != nil {
		who, action = said[1], said[2]
	}
	if strings.Contains(message, "explicit deny") {
		return fmt.Errorf("access denied: a policy explicitly denies %s on %s to %s; ask the owner of the policy to change it", action, loc.name(), who)
	}
	return fmt.Errorf("access denied: %s may not do it; allow %s on %s", who, action, loc.name())
}

func (r regionClient) deletedFault(loc location) error {
	return fmt.Errorf("the secret is scheduled for deletion; restore it with: aws secretsmanager restore-secret --secret-id %s --region %s", loc.id, r.name)
}

// noVersionFault is for a secret that exists but has no such version. It wraps ErrNotFound
// only if the secret was never given a value.
func (r regionClient) noVersionFault(loc location) error {
	if loc.isCurrent() {
		return fmt.Errorf("the secret %s exists but has no value: %w", loc.name(), store.ErrNotFound)
	}
	asked := loc.version
	if asked == "" {
		asked = loc.stage
	}
	return fmt.Errorf("the secret %s has no version %s; see those it has with: aws secretsmanager list-secret-version-ids --secret-id %s --region %s", loc.name(), asked, loc.id, r.name)
}
