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
	// AWSRegion is where Put puts secrets.
	AWSRegion = "eu-central-1"
	// AWSAccount is the account that all of them are in.
	AWSAccount = "123456789012"
	// AWSCaller is who asks, whatever the key.
	AWSCaller = "arn:aws:iam::" + AWSAccount + ":user/deploy"
)

// AWS is a fake of AWS Secrets Manager: its JSON 1.1 protocol, of all regions, which
// it tells apart by the signature's scope. It does not check the signature itself.
// Operations are named as AWS names them: "GetSecretValue".
type AWS struct {
	Script
	URL      string // for AWS_ENDPOINT_URL_SECRETS_MANAGER
	PageSize int    // of BatchGetSecretValue and ListSecrets; 0: as many as AWS gives

	mu      sync.Mutex
	secrets map[string]map[string]*awsSecret // by region and name
	denied  map[string]bool                  // "secretsmanager:GetSecretValue" or that + " " + name
	tokens  int
}

// NewAWS starts a fake on loopback that stops when the test ends. As a handler it
// serves "secretsmanager.eu-central-1.amazonaws.com" and the like behind a Proxy.
func NewAWS(tb testing.TB) *AWS {
	tb.Helper()
	f := &AWS{secrets: map[string]map[string]*awsSecret{}, denied: map[string]bool{}}
	server := httptest.NewServer(f)
	tb.Cleanup(server.Close)
	f.URL = server.URL
	return f
}

// Env is what a program's environment needs to ask the fake and nobody else.
func (f *AWS) Env() []string {
	return []string{
		"AWS_ENDPOINT_URL_SECRETS_MANAGER=" + f.URL, "AWS_REGION=" + AWSRegion, "AWS_EC2_METADATA_DISABLED=true",
		"AWS_ACCESS_KEY_ID=AKIAFAKEFAKEFAKEFAKE", "AWS_SECRET_ACCESS_KEY=invented",
		"AWS_CONFIG_FILE=/nonexistent", "AWS_SHARED_CREDENTIALS_FILE=/nonexistent",
	}
}

// Put gives the secret in AWSRegion a new current version of text and returns the
// version's id.
func (f *AWS) Put(name, value string) string { return f.PutIn(AWSRegion, name, value, "") }

// PutBinary is Put for bytes.
func (f *AWS) PutBinary(name, value string) string { return f.PutIn(AWSRegion, name, "", value) }

// PutIn is Put for any region, with either text or bytes; without both the secret
// has no version.
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

// PutForeign is Put into another account, whose secrets are found by ARN only; it
// returns that.
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

// Deny refuses the caller an action ("secretsmanager:GetSecretValue",
// "kms:Decrypt"), for the secret of that name or for all with "".
func (f *AWS) Deny(action, name string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.denied[action+" "+name] = true
}

// Value is the current value of the secret in AWSRegion, "" where there is none.
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

// ARN is that of the secret in AWSRegion.
func (f *AWS) ARN(name string) string { return awsARN(AWSRegion, name) }

var awsScope = regexp.MustCompile(`^AWS4-HMAC-SHA256 Credential=[A-Z0-9]+/[0-9]{8}/([a-z0-9-]+)/secretsmanager/aws4_request, SignedHeaders=[a-z0-9;-]+, Signature=[0-9a-f]{64}$`)

func (f *AWS) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	operation, known := strings.CutPrefix(r.Header.Get("X-Amz-Target"), "secretsmanager.")
	// Only with its body read does a server see that a client has gone away.
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

func (f *AWS) answer(region, operation string, body awsRequest, do func(*AWS, string, awsRequest) any) any {
	f.mu.Lock()
	defer f.mu.Unlock()
	if fault := f.refused("secretsmanager:"+operation, body.SecretID+body.Name); fault.Code != "" {
		return fault
	}
	return do(f, region, body)
}

// refused is AWS's answer to who may not do action to the secret.
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

// awsRequest holds the members of all operations' requests that are known here.
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

// page cuts all to the page that token, "" or a number, begins.
func page[T any](all []T, token string, size int) (part []T, next string) {
	start := 0
	_, _ = fmt.Sscanf(token, "token-%d", &start)
	end := min(start+size, len(all))
	if end < len(all) {
		next = fmt.Sprintf("token-%d", end)
	}
	return slices.Clip(all[start:end]), next
}
