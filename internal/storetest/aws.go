package storetest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

const (
	// AWSRegion is the region of Put.
	AWSRegion = "eu-central-1"
	// AWSAccount is the account of all secrets but those of PutForeign.
	AWSAccount = "123456789012"
	// AWSCaller is the identity of every caller, whatever the key.
	AWSCaller = "arn:aws:iam::" + AWSAccount + ":user/deploy"
)

// AWS is a fake of AWS Secrets Manager, with its JSON 1.1 protocol. It serves all regions,
// and takes the region from the signature's scope; it does not verify the signature.
// Operations have AWS's names: "GetSecretValue".
type AWS struct {
	Script
	URL      string // for AWS_ENDPOINT_URL_SECRETS_MANAGER
	PageSize int    // of BatchGetSecretValue and ListSecrets; 0: that of AWS

	mu      sync.Mutex
	secrets map[string]map[string]*awsSecret // by region and name
	denied  map[string]bool                  // by action + " " + name; name "" means all secrets
	tokens  int
}

// NewAWS starts a fake on loopback, which stops when the test ends. As the handler of
// "*.amazonaws.com" in a Proxy it also serves AWS's own host names.
func NewAWS(tb testing.TB) *AWS {
	tb.Helper()
	f := &AWS{secrets: map[string]map[string]*awsSecret{}, denied: map[string]bool{}}
	server := httptest.NewServer(f)
	tb.Cleanup(server.Close)
	f.URL = server.URL
	return f
}

// Env returns the variables with which a program asks the fake, and no other server.
func (f *AWS) Env() []string {
	return []string{
		"AWS_ENDPOINT_URL_SECRETS_MANAGER=" + f.URL, "AWS_REGION=" + AWSRegion, "AWS_EC2_METADATA_DISABLED=true",
		"AWS_ACCESS_KEY_ID=AKIAFAKEFAKEFAKEFAKE", "AWS_SECRET_ACCESS_KEY=invented",
		"AWS_CONFIG_FILE=/nonexistent", "AWS_SHARED_CREDENTIALS_FILE=/nonexistent",
	}
}

// Put adds a current version with a text to the secret in AWSRegion, and returns the
// version's ID.
func (f *AWS) Put(name, value string) string { return f.PutIn(AWSRegion, name, value, "") }

// PutBinary is Put with bytes.
func (f *AWS) PutBinary(name, value string) string { return f.PutIn(AWSRegion, name, "", value) }

// PutIn is Put in any region, with either text or bytes. Without both it makes a secret
// without a version, and returns "".
func (f *AWS) PutIn(region, name, text, binary string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.create(region, name)
	if text == "" && binary == "" {
		return ""
	}
	f.tokens++
	return s.add(fmt.Sprintf("00000000-0000-0000-0000-%012d", f.tokens), text, binary)
}

// PutForeign is Put in another account, whose secrets are found only by ARN. It returns the
// ARN.
func (f *AWS) PutForeign(name, value string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.create(AWSRegion, "foreign:"+name)
	s.name, s.arn = name, strings.Replace(awsARN(AWSRegion, name), AWSAccount, "999999999999", 1)
	f.tokens++
	s.add(fmt.Sprintf("00000000-0000-0000-0000-%012d", f.tokens), value, "")
	return s.arn
}

// Delete schedules the secret for deletion.
func (f *AWS) Delete(name string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.secrets[AWSRegion][name].deleted = true
}

// Deny denies the caller an action ("secretsmanager:GetSecretValue", "kms:Decrypt") on the
// secret with the name; "" means all secrets.
func (f *AWS) Deny(action, name string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.denied[action+" "+name] = true
}

// Value returns the current value of the secret in AWSRegion, "" if it has none.
func (f *AWS) Value(name string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	if s := f.secrets[AWSRegion][name]; s != nil {
		if v := s.at("", "AWSCURRENT"); v != nil {
			return v.text + v.binary
		}
	}
	return ""
}

// ARN returns that of the secret in AWSRegion.
func (f *AWS) ARN(name string) string { return awsARN(AWSRegion, name) }

var awsScope = regexp.MustCompile(`^AWS4-HMAC-SHA256 Credential=[A-Z0-9]+/[0-9]{8}/([a-z0-9-]+)/secretsmanager/aws4_request, SignedHeaders=[a-z0-9;-]+, Signature=[0-9a-f]{64}$`)

// ServeHTTP answers as secretsmanager.REGION.amazonaws.com does.
func (f *AWS) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	operation, known := strings.CutPrefix(r.Header.Get("X-Amz-Target"), "secretsmanager.")
	// A server notices that a client disconnects only after it has read the body.
	content, _ := io.ReadAll(r.Body)
	if f.play(w, r, operation) {
		return
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	scope := awsScope.FindStringSubmatch(r.Header.Get("Authorization"))
	do, found := awsOperations[operation]
	var body awsRequest
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.DisallowUnknownFields()
	var answer any
	switch {
	case r.Method != http.MethodPost || r.URL.Path != "/" || !known || !found:
		answer = awsError{"UnknownOperationException", ""}
	case r.Header.Get("Content-Type") != "application/x-amz-json-1.1" || decoder.Decode(&body) != nil:
		answer = awsError{"SerializationException", "not the JSON of this operation"}
	case scope == nil:
		answer = awsError{"MissingAuthenticationTokenException", "Missing Authentication Token"}
	default:
		answer = f.answer(scope[1], operation, body, do)
	}
	if fault, ok := answer.(awsError); ok {
		w.WriteHeader(http.StatusBadRequest)
		answer = map[string]string{"__type": fault.Code, "Message": fault.Message}
	}
	_ = json.NewEncoder(w).Encode(answer)
}

// answer runs an operation, unless it is denied.
func (f *AWS) answer(region, operation string, body awsRequest, do func(*AWS, string, awsRequest) any) any {
	f.mu.Lock()
	defer f.mu.Unlock()
	if fault := f.refused("secretsmanager:"+operation, body.SecretID+body.Name); fault.Code != "" {
		return fault
	}
	return do(f, region, body)
}

// refused returns AWS's answer to a denied action; without a code if it is allowed.
func (f *AWS) refused(action, name string) awsError {
	if !f.denied[action+" "] && !f.denied[action+" "+name] {
		return awsError{}
	}
	if strings.HasPrefix(action, "kms:") {
		return awsError{"AccessDeniedException", "Access to KMS is not allowed"}
	}
	return awsError{"AccessDeniedException", fmt.Sprintf("User: %s is not authorized to perform: %s on resource: %s because no identity-based policy allows the %s action", AWSCaller, action, name, action)}
}

type awsError struct{ Code, Message string }

// awsRequest has the members of the requests of all operations that the fake knows.
type awsRequest struct {
	SecretID           string   `json:"SecretId"`
	SecretIDList       []string `json:"SecretIdList"`
	VersionID          string   `json:"VersionId"`
	VersionStage       string
	Name               string
	SecretString       *string
	SecretBinary       []byte
	ClientRequestToken string
	MaxResults         int
	NextToken          string
	Filters            []struct {
		Key    string
		Values []string
	}
}

// page returns the page of all that begins at token, and the token of the next page. ""
// is the token of the first page, and of none after the last.
func page[T any](all []T, token string, size int) (part []T, next string) {
	start := 0
	_, _ = fmt.Sscanf(token, "token-%d", &start)
	end := min(start+size, len(all))
	if end < len(all) {
		next = fmt.Sprintf("token-%d", end)
	}
	return slices.Clip(all[start:end]), next
}
