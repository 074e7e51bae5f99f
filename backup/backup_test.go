package backup_test

import (
	"bytes"
	"testing"

	"filippo.io/age"
	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/backup"
	"github.com/docker-secrets/docker-secrets/secret"
)

// What is written must be read back byte for byte by the recipient, and by nobody else.
func TestBackupIsForItsRecipient(t *testing.T) {
	ours, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	other, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	want := backup.Stack{Name: "shop", Secrets: []backup.Secret{
		{Name: "db_password", Object: "db_password_v2", From: []string{"env://DB_PASSWORD"}, Value: secret.NewValue("kR7xT2mB9vQ4\x00\xff\n"), Known: true},
		{Name: "elsewhere", Object: "elsewhere"},
	}}
	recipients, err := backup.Recipients([]string{ours.Recipient().String()})
	if err != nil {
		t.Fatal(err)
	}
	written, err := backup.Write(want, recipients)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(written, []byte("kR7xT2mB9vQ4")) || bytes.Contains(written, []byte("db_password")) {
		t.Error("the file is not encrypted")
	}
	got, err := backup.Read(bytes.NewReader(written), []age.Identity{ours})
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
	if _, err := backup.Read(bytes.NewReader(written), []age.Identity{other}); err == nil {
		t.Error("somebody else reads it")
	}
	written[len(written)-1] ^= 1
	if _, err := backup.Read(bytes.NewReader(written), []age.Identity{ours}); err == nil {
		t.Error("a damaged file is read")
	}
}

// What is no public key must be refused without being repeated.
func TestRecipientsAreKeys(t *testing.T) {
	if _, err := backup.Recipients([]string{"hunter2"}); err == nil || bytes.Contains([]byte(err.Error()), []byte("hunter2")) {
		t.Error(err)
	}
}
