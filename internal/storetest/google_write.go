package storetest

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
)

func (g *Google) addVersion(secret string, content []byte) any {
	var body struct {
		Payload struct{ Data, DataCrc32c string }
	}
	data, err := []byte(nil), json.Unmarshal(content, &body)
	if err == nil {
		data, err = base64.StdEncoding.DecodeString(body.Payload.Data)
	}
	s := g.secrets[secret]
	switch {
	case err != nil || len(data) == 0 || len(data) > 65536:
		return googleFault{http.StatusBadRequest, "INVALID_ARGUMENT", "The payload is none that is taken.", ""}
	case body.Payload.DataCrc32c != "" && body.Payload.DataCrc32c != googleChecksum(string(data)):
		return googleFault{http.StatusBadRequest, "INVALID_ARGUMENT", "The checksum is not that of the data.", ""}
	case s == nil:
		_, name, _ := strings.Cut(secret, "/")
		return googleFault{http.StatusNotFound, "NOT_FOUND", "Secret [projects/" + googleNumber + "/secrets/" + name + "] not found.", ""}
	}
	s.versions = append(s.versions, &googleVersion{string(data), "ENABLED"})
	return g.version(secret, "latest", false)
}

func (g *Google) create(secret, name string, content []byte) any {
	var body struct {
		Replication struct{ Automatic *struct{} }
	}
	switch {
	case json.Unmarshal(content, &body) != nil || body.Replication.Automatic == nil || name == "":
		return googleFault{http.StatusBadRequest, "INVALID_ARGUMENT", "a name and a replication policy are to be given", ""}
	case g.secrets[secret] != nil:
		return googleFault{http.StatusConflict, "ALREADY_EXISTS", "Secret [projects/" + googleNumber + "/secrets/" + name + "] already exists.", ""}
	}
	g.secrets[secret] = &googleSecret{}
	return map[string]any{"name": "projects/" + googleNumber + "/secrets/" + name}
}
