package storetest

import (
	"fmt"
	"hash/fnv"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// awsSecret is one secret. Its versions are in the order in which they were made.
type awsSecret struct {
	name, arn string
	deleted   bool
	versions  []*awsVersion
}

type awsVersion struct {
	id, text, binary string
	stages           []string
}

// awsARN returns the secret's ARN. It ends in six letters, which AWS makes at random and
// the fake makes from the name.
func awsARN(region, name string) string {
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(name))
	return fmt.Sprintf("arn:aws:secretsmanager:%s:%s:secret:%s-%06x", region, AWSAccount, name, hash.Sum32()&0xffffff)
}

// create returns the secret, and makes it if there is none.
func (f *AWS) create(region, name string) *awsSecret {
	if f.secrets[region] == nil {
		f.secrets[region] = map[string]*awsSecret{}
	}
	if f.secrets[region][name] == nil {
		f.secrets[region][name] = &awsSecret{name: name, arn: awsARN(region, name)}
	}
	return f.secrets[region][name]
}

// add adds a current version and returns its ID. The version before becomes AWSPREVIOUS.
func (s *awsSecret) add(id, text, binary string) string {
	for _, v := range s.versions {
		previous := slices.Contains(v.stages, "AWSCURRENT")
		v.stages = nil
		if previous {
			v.stages = []string{"AWSPREVIOUS"}
		}
	}
	s.versions = append(s.versions, &awsVersion{id: id, text: text, binary: binary, stages: []string{"AWSCURRENT"}})
	return id
}

// at returns the version with the ID and the stage, "" for any; nil if there is none.
func (s *awsSecret) at(id, stage string) *awsVersion {
	for _, v := range s.versions {
		if (id == "" || v.id == id) && (stage == "" || slices.Contains(v.stages, stage)) {
			return v
		}
	}
	return nil
}

// find returns the secret with id, a name, an ARN, or an ARN without its last seven
// characters; nil if there is none.
func (f *AWS) find(region, id string) *awsSecret {
	for _, s := range f.secrets[region] {
		if id == s.arn || id == s.arn[:len(s.arn)-7] {
			return s
		}
	}
	if strings.Contains(id, ":") {
		return nil
	}
	return f.secrets[region][id]
}

//nolint:gochecknoglobals // a table, never written
var awsOperations = map[string]func(*AWS, string, awsRequest) any{
	"GetSecretValue":      (*AWS).getSecretValue,
	"BatchGetSecretValue": (*AWS).batchGetSecretValue,
	"DescribeSecret":      (*AWS).describeSecret,
	"ListSecrets":         (*AWS).listSecrets,
	"PutSecretValue":      (*AWS).putSecretValue,
	"CreateSecret":        (*AWS).createSecret,
}

var awsNames = regexp.MustCompile(`^[A-Za-z0-9/_+=.@!:-]+$`)

func awsInvalid() awsError {
	return awsError{"ValidationException", "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!"}
}

func awsUnknown() awsError {
	return awsError{"ResourceNotFoundException", "Secrets Manager can't find the specified secret."}
}

func awsGone() awsError {
	return awsError{"InvalidRequestException", "You can't perform this operation on the secret because it was marked for deletion."}
}

func (f *AWS) getSecretValue(region string, r awsRequest) any {
	if !awsNames.MatchString(r.SecretID) {
		return awsInvalid()
	}
	if fault := f.refused("kms:Decrypt", r.SecretID); fault.Code != "" {
		return fault
	}
	s := f.find(region, r.SecretID)
	if s == nil {
		return awsUnknown()
	}
	if s.deleted {
		return awsGone()
	}
	if r.VersionID == "" && r.VersionStage == "" {
		r.VersionStage = "AWSCURRENT"
	}
	v := s.at(r.VersionID, r.VersionStage)
	switch {
	case v == nil && r.VersionID != "":
		return awsError{"ResourceNotFoundException", "Secrets Manager can't find the specified secret value for VersionId: " + r.VersionID}
	case v == nil:
		return awsError{"ResourceNotFoundException", "Secrets Manager can't find the specified secret value for staging label: " + r.VersionStage}
	}
	return s.entry(v)
}

// entry returns a version as answers have it.
func (s *awsSecret) entry(v *awsVersion) map[string]any {
	entry := map[string]any{"ARN": s.arn, "Name": s.name, "VersionId": v.id, "VersionStages": v.stages, "CreatedDate": 1.723076385605e9}
	if v.binary != "" {
		entry["SecretBinary"] = []byte(v.binary)
	} else {
		entry["SecretString"] = v.text
	}
	return entry
}

// batchGetSecretValue answers in the order of the names, not in that of the request.
func (f *AWS) batchGetSecretValue(region string, r awsRequest) any {
	switch {
	case len(r.SecretIDList) == 0 || len(r.Filters) > 0 || r.MaxResults > 0:
		return awsError{"InvalidParameterException", "either SecretIdList or Filters"}
	case len(r.SecretIDList) > 20:
		return awsError{"ValidationException", "1 validation error detected: Value at 'secretIdList' failed to satisfy constraint: Member must have length less than or equal to 20"}
	}
	for _, id := range r.SecretIDList {
		if !awsNames.MatchString(id) {
			return awsInvalid()
		}
	}
	size := f.PageSize
	if size == 0 {
		size = 20
	}
	ids, next := page(slices.Sorted(slices.Values(r.SecretIDList)), r.NextToken, size)
	values, faults := []any{}, []any{}
	for _, id := range ids {
		answer := any(f.refused("secretsmanager:GetSecretValue", id))
		if answer == (awsError{}) {
			answer = f.getSecretValue(region, awsRequest{SecretID: id})
		}
		if fault, refused := answer.(awsError); refused {
			faults = append(faults, map[string]string{"SecretId": id, "ErrorCode": fault.Code, "Message": fault.Message})
		} else {
			values = append(values, answer)
		}
	}
	answer := map[string]any{"SecretValues": values, "Errors": faults}
	if next != "" {
		answer["NextToken"] = next
	}
	return answer
}

func (f *AWS) describeSecret(region string, r awsRequest) any {
	s := f.find(region, r.SecretID)
	if s == nil {
		return awsUnknown()
	}
	stages := map[string][]string{}
	for _, v := range s.versions {
		if len(v.stages) > 0 {
			stages[v.id] = v.stages
		}
	}
	answer := map[string]any{"ARN": s.arn, "Name": s.name, "VersionIdsToStages": stages}
	if s.deleted {
		answer["DeletedDate"] = 1.723076388936e9
	}
	return answer
}

func (f *AWS) listSecrets(region string, r awsRequest) any {
	size := f.PageSize
	if size == 0 {
		size = max(1, r.MaxResults)
	}
	var names []string
	for _, name := range slices.Sorted(maps.Keys(f.secrets[region])) {
		if !f.secrets[region][name].deleted && !strings.Contains(name, ":") && (len(r.Filters) == 0 || strings.HasPrefix(name, r.Filters[0].Values[0])) {
			names = append(names, name)
		}
	}
	if len(r.Filters) > 1 || len(r.Filters) == 1 && (r.Filters[0].Key != "name" || len(r.Filters[0].Values) != 1) || r.MaxResults > 100 {
		return awsError{"InvalidParameterException", "a filter that this fake does not know"}
	}
	names, next := page(names, r.NextToken, size)
	list := []any{}
	for _, name := range names {
		list = append(list, map[string]any{"ARN": awsARN(region, name), "Name": name})
	}
	answer := map[string]any{"SecretList": list}
	if next != "" {
		answer["NextToken"] = next
	}
	return answer
}
