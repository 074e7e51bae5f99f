// Package backup writes the secrets of a stack into an encrypted file and reads them
// back: age's format, for the recipients that a person names.
//
// It does not know where values come from or where they go. A value is in clear in
// memory only, between its secret.Value and age.
package backup

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"filippo.io/age"

	"github.com/docker-secrets/docker-secrets/secret"
)

// format is the version of the content's form.
const format = 1

// Stack is what a file holds.
type Stack struct {
	Name    string
	Secrets []Secret // in the order in which they were written
}

// Secret is one secret. It is in the file also where its value is not known.
type Secret struct {
	Name   string // the logical name
	Object string // on the Swarm
	From   []string
	Value  secret.Value
	Known  bool // Value is there
}

type content struct {
	Format  int     `json:"format"`
	Stack   string  `json:"stack"`
	Secrets []entry `json:"secrets"`
}

// entry has the value as bytes, because a value need not be text.
type entry struct {
	Name   string   `json:"name"`
	Object string   `json:"object"`
	From   []string `json:"from,omitempty"`
	Value  []byte   `json:"value,omitempty"`
}

// Write returns s encrypted for recipients, of which there is at least one.
func Write(s Stack, recipients []age.Recipient) ([]byte, error) {
	c := content{Format: format, Stack: s.Name}
	for _, one := range s.Secrets {
		e := entry{Name: one.Name, Object: one.Object, From: one.From}
		if one.Known {
			e.Value = []byte(one.Value.Reveal())
		}
		c.Secrets = append(c.Secrets, e)
	}
	var encrypted bytes.Buffer
	w, err := age.Encrypt(&encrypted, recipients...)
	if err != nil {
		return nil, err
	}
	if err = json.NewEncoder(w).Encode(c); err != nil {
		return nil, errors.New("the secrets cannot be written")
	}
	if err = w.Close(); err != nil {
		return nil, err
	}
	return encrypted.Bytes(), nil
}

// Read decrypts what Write wrote, and stops at the first byte that it did not. Its errors quote nothing of the content.
func Read(encrypted io.Reader, identities []age.Identity) (Stack, error) {
	r, err := age.Decrypt(encrypted, identities...)
	if err != nil {
		return Stack{}, errors.New("it cannot be decrypted with this identity")
	}
	clear, err := io.ReadAll(r)
	if err != nil {
		return Stack{}, errors.New("it is damaged")
	}
	var c content
	if json.Unmarshal(clear, &c) != nil {
		return Stack{}, errors.New("docker secrets export did not write it")
	}
	if c.Format != format {
		return Stack{}, fmt.Errorf("it has format %d, and this program reads %d; use a newer version of docker secrets", c.Format, format)
	}
	s := Stack{Name: c.Stack}
	for _, e := range c.Secrets {
		s.Secrets = append(s.Secrets, Secret{Name: e.Name, Object: e.Object, From: e.From, Value: secret.NewValue(string(e.Value)), Known: len(e.Value) > 0})
	}
	return s, nil
}

// Recipients reads public keys, age1… or ssh ones one by one, as --recipient gives them.
func Recipients(texts []string) ([]age.Recipient, error) {
	var all []age.Recipient
	for _, text := range texts {
		found, err := age.ParseRecipients(strings.NewReader(text))
		if err != nil {
			return nil, errors.New("not a recipient; write the public key that age-keygen prints, age1…")
		}
		all = append(all, found...)
	}
	return all, nil
}
