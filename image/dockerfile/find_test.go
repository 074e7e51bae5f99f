package dockerfile_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/docker-secrets/docker-secrets/image/dockerfile"
)

// The Dockerfile must be found by the name that the build block gives, and by the usual ones.
func TestFind(t *testing.T) {
	context := fstest.MapFS{
		"Dockerfile":         {Data: []byte("FROM a")},
		"deploy/prod.docker": {Data: []byte("FROM b")},
		"huge":               {Data: make([]byte, 1<<20+1)},
	}
	for _, c := range []struct{ name, found, content, fault string }{
		{"", "Dockerfile", "FROM a", ""},
		{"./deploy/prod.docker", "deploy/prod.docker", "FROM b", ""},
		{"../Dockerfile", "../Dockerfile", "", "outside the build"},
		{"/etc/passwd", "/etc/passwd", "", "outside the build"},
		{"missing", "missing", "", "not exist"},
		{"huge", "huge", "", "larger than 1 MiB"},
	} {
		found, content, err := dockerfile.Find(context, c.name)
		if found != c.found || string(content) != c.content || (err != nil) != (c.fault != "") || err != nil && !strings.Contains(err.Error(), c.fault) {
			t.Errorf("%q: %q %d bytes %v", c.name, found, len(content), err)
		}
	}
	if found, content, err := dockerfile.Find(fstest.MapFS{"dockerfile": {Data: []byte("FROM c")}}, ""); found != "dockerfile" || string(content) != "FROM c" || err != nil {
		t.Errorf("in small letters: %q %q %v", found, content, err)
	}
}

// No text may make the reader panic, or come back in an error.
func FuzzRead(f *testing.F) {
	f.Add("ARG A=1\nFROM x:${A}\nUSER $B\nONBUILD CMD [\"a\"]\nHEALTHCHECK NONE\n", "A")
	f.Add("# escape=`\nFROM scratch\nRUN <<EOF\nhunter2\nEOF\nSHELL []\nENTRYPOINT hunter2\n", "")
	f.Fuzz(func(t *testing.T, content, arg string) {
		image, err := dockerfile.Read([]byte(content), dockerfile.Build{Name: "Dockerfile", Args: map[string]*string{arg: nil}})
		if err != nil {
			if strings.Contains(err.Error(), "hunter2") {
				t.Errorf("the file is quoted: %v", err)
			}
			return
		}
		image.On(nil)
	})
}
