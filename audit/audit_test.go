package audit_test

import (
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/audit"
)

func entry(secret string) audit.Entry {
	return audit.Entry{
		Time: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Who: "alice@build-7", Stack: "shop", Command: "deploy", Operation: "create",
		Secret: secret, Version: secret + "_v2", From: "env://" + secret, Result: audit.Done,
	}
}

// What is appended must be read back, also after the log was opened again, and only the
// owner may read the file.
func TestLogIsReadBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "audit.log")
	want := []audit.Entry{entry("a"), entry("b")}
	for _, e := range want {
		log, err := audit.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := log.Append(e); err != nil {
			t.Fatal(err)
		}
		if err := log.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text := string(content) + "not an entry\n{\"command\":\"deploy\",\"stack\":\"other\"}\n"
	got, skipped, err := audit.Read(strings.NewReader(text), "shop")
	if diff := cmp.Diff(want, got); diff != "" || skipped != 1 || err != nil {
		t.Errorf("%d skipped, %v (-want +got)\n%s", skipped, err, diff)
	}
}

// A disk that is full must be an error of the first line, and a folder that is not there
// one of Open.
func TestFaultsAreEarly(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err == nil {
		log, err := audit.Open("/dev/full")
		if err != nil {
			t.Fatal(err)
		}
		if err := log.Append(entry("a")); err == nil || !strings.Contains(err.Error(), "no space left on device") {
			t.Error(err)
		}
	}
	if _, err := audit.Open(filepath.Join(t.TempDir(), "nowhere", "audit.log")); err == nil || !strings.Contains(err.Error(), "nothing was done") {
		t.Error(err)
	}
}

// A syslog of another machine must get one message an entry.
func TestSyslogGetsEntries(t *testing.T) {
	server, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = server.Close() }()
	log, err := audit.Open("syslog://" + server.LocalAddr().String())
	if err != nil {
		t.Skip(err)
	}
	if err = log.Append(entry("a")); err != nil {
		t.Fatal(err)
	}
	buffer := make([]byte, 4096)
	_ = server.SetReadDeadline(time.Now().Add(30 * time.Second))
	n, _, err := server.ReadFrom(buffer)
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(buffer[:n]), "{")
	var got audit.Entry
	if err := json.Unmarshal([]byte("{"+text), &got); err != nil || got.Secret != "a" {
		t.Errorf("%s: %v", buffer[:n], err)
	}
}
