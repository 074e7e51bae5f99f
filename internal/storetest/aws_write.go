package storetest

import (
	"strings"
	"unicode/utf8"
)

// awsValueFault returns AWS's answer to a value that it does not accept; without a code if
// it accepts the value.
func awsValueFault(r awsRequest) awsError {
	text := r.SecretString != nil
	switch {
	case text == (r.SecretBinary != nil):
		return awsError{"InvalidParameterException", "either SecretString or SecretBinary"}
	case text && (*r.SecretString == "" || len(*r.SecretString) > 65536 || !utf8.ValidString(*r.SecretString)), len(r.SecretBinary) > 65536:
		return awsError{"ValidationException", "the value's length is none that is taken"}
	case len(r.ClientRequestToken) < 32 || len(r.ClientRequestToken) > 64:
		return awsError{"InvalidParameterException", "You must provide a ClientRequestToken value. We recommend a UUID-type value."}
	}
	return awsError{}
}

func (f *AWS) putSecretValue(region string, r awsRequest) any {
	s := f.find(region, r.SecretID)
	if fault := awsValueFault(r); fault.Code != "" {
		return fault
	}
	if s == nil {
		return awsUnknown()
	}
	if s.deleted {
		return awsGone()
	}
	return f.addVersion(s, r)
}

func (f *AWS) addVersion(s *awsSecret, r awsRequest) any {
	text := ""
	if r.SecretString != nil {
		text = *r.SecretString
	}
	v := s.at(r.ClientRequestToken, "")
	if v != nil && (v.text != text || v.binary != string(r.SecretBinary)) {
		return awsError{"ResourceExistsException", "You can't use ClientRequestToken " + r.ClientRequestToken + " because that value is already in use for a version of this secret."}
	}
	if v == nil {
		s.add(r.ClientRequestToken, text, string(r.SecretBinary))
	}
	return map[string]any{"ARN": s.arn, "Name": s.name, "VersionId": r.ClientRequestToken}
}

func (f *AWS) createSecret(region string, r awsRequest) any {
	if !awsNames.MatchString(r.Name) || strings.Contains(r.Name, ":") {
		return awsInvalid()
	}
	if fault := awsValueFault(r); fault.Code != "" {
		return fault
	}
	if s := f.find(region, r.Name); s != nil {
		if s.deleted {
			return awsError{"InvalidRequestException", "You can't create this secret because a secret with this name is already scheduled for deletion."}
		}
		return awsError{"ResourceExistsException", "The operation failed because the secret " + r.Name + " already exists."}
	}
	return f.addVersion(f.create(region, r.Name), r)
}
