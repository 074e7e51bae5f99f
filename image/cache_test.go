package image

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/transform/images"
)

// An entry must come back as it was written, and only under its digest.
func TestCacheRoundTrip(t *testing.T) {
	l := Lookup{Cache: filepath.Join(t.TempDir(), "a", "b")}
	want := said{
		OS: "linux", Entrypoint: []string{"tini", "--"}, Command: []string{"$HOME"}, Shell: []string{"/bin/bash", "-c"}, Variables: []string{"PATH"},
		Test: []string{"CMD", "check"}, OnBuild: []string{"RUN make"}, HasShell: images.Yes,
	}
	l.keep("sha256:00", want)
	got, ok := l.cached("sha256:00")
	if diff := cmp.Diff(want, got); !ok || diff != "" {
		t.Errorf("%v (-want +got)\n%s", ok, diff)
	}
	if _, ok := l.cached("sha256:01"); ok {
		t.Error("another digest has an answer")
	}
	l.Refresh = true
	if _, ok := l.cached("sha256:00"); ok {
		t.Error("a refresh reads the cache")
	}
}

// A cache that is damaged, or cannot be written, must be as good as none.
func TestCacheFaults(t *testing.T) {
	dir := t.TempDir()
	l := Lookup{Cache: dir}
	for name, content := range map[string]string{"sha256-00": "{", "sha256-01": "{}", "sha256-02": ""} {
		if err := os.WriteFile(filepath.Join(dir, name+".json"), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, digest := range []string{"sha256:00", "sha256:01", "sha256:02", "sha256:../../x", "sha256", ""} {
		if got, ok := l.cached(digest); ok {
			t.Errorf("%q: %+v", digest, got)
		}
	}
	blocked := Lookup{Cache: filepath.Join(dir, "sha256-00.json", "below a file")}
	blocked.keep("sha256:03", said{OS: "linux"})
	if _, ok := blocked.cached("sha256:03"); ok {
		t.Error("a file has entries")
	}
}

// The cache must be where the XDG specification has it.
func TestCacheDir(t *testing.T) {
	for _, c := range []struct{ xdg, home, want string }{
		{"/x", "/home/me", "/x/docker-secrets/images-1"},
		{"", "/home/me", "/home/me/.cache/docker-secrets/images-1"},
		{"relative", "/home/me", "/home/me/.cache/docker-secrets/images-1"},
		{"", "", ""},
	} {
		got := CacheDir(func(name string) string { return map[string]string{"XDG_CACHE_HOME": c.xdg, "HOME": c.home}[name] })
		if got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
}
