package registrytest

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
)

// serve puts the images of testdata/images.tsv into a registry, and returns where it is.
func serve(t *testing.T) (host string) {
	t.Helper()
	r := start(t, false, nil)
	content, err := os.ReadFile("testdata/images.tsv")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(content)) {
		columns := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if strings.HasPrefix(line, "#") {
			continue
		}
		file := &v1.ConfigFile{OS: "linux", Architecture: "amd64", Config: v1.Config{User: columns[4]}}
		for i, into := range []*[]string{&file.Config.Entrypoint, &file.Config.Cmd} {
			if err = json.Unmarshal([]byte(columns[i+1]), into); err != nil {
				t.Fatalf("%s: %v", columns[0], err)
			}
		}
		if columns[3] == "yes" {
			file.History = []v1.History{{CreatedBy: "RUN /bin/sh -c make # buildkit", EmptyLayer: true}}
		}
		image, err := mutate.ConfigFile(empty.Image, file)
		if err != nil {
			t.Fatal(err)
		}
		push(t, r.host+"/"+columns[0], image)
		push(t, r.host+"/"+own(columns[0]), image)
	}
	return r.host
}

// own is a name of an image that no table of the program has.
func own(name string) string { return "own/" + strings.ReplaceAll(name, "/", "-") }

// migrated is what migrate says of an application.
type migrated struct {
	Variables []struct{ Service, Secret string }
	Unread    []struct{ Service string }
}

// migrateFrom copies an application, with its images on host, and migrates it. Those of
// testdata have names of their own.
func migrateFrom(t *testing.T, program, folder, host string, flags ...string) migrated {
	t.Helper()
	dir := filepath.Join(t.TempDir(), filepath.Base(folder))
	if err := os.CopyFS(dir, os.DirFS(folder)); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "docker-compose.yml")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	moved := regexp.MustCompile(`image: (\S+)`).ReplaceAllStringFunc(string(content), func(line string) string {
		name := strings.TrimPrefix(line, "image: ")
		if strings.HasPrefix(folder, "testdata/") {
			name = own(name)
		}
		return "image: " + host + "/" + name
	})
	if err = os.WriteFile(path, []byte(moved), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program, append([]string{"migrate", "--force", "--format", "json"}, flags...)...)
	cmd.Dir = dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "DOCKER_HOST=unix:///nonexistent/docker.sock"}
	var stderr strings.Builder
	cmd.Stderr = &stderr
	said, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", folder, err, stderr.String())
	}
	var report migrated
	if err = json.Unmarshal(said, &report); err != nil {
		t.Fatal(err)
	}
	return report
}

// Where a registry knows the images, fewer than 3 in 100 services must be left without
// their secrets, and those must be named.
func TestKnownImagesAreRead(t *testing.T) {
	host := serve(t)
	program := filepath.Join(t.TempDir(), "docker-secrets")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".")
	build.Dir = ".." // in the module of the program
	if said, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	services, unreadOffline := 0, 0
	var unread []string
	for _, folder := range []string{"testdata/known", "../examples/django", "../examples/node", "../examples/wordpress", "../testdata/gym-ai"} {
		report := migrateFrom(t, program, folder, host)
		moved := map[string]bool{}
		for _, v := range report.Variables {
			if v.Secret != "" {
				moved[v.Service] = true
			}
		}
		services += len(moved)
		for _, u := range report.Unread {
			unread = append(unread, u.Service)
		}
		unreadOffline += len(migrateFrom(t, program, folder, host, "--offline").Unread)
	}
	slices.Sort(unread)
	if !slices.Equal(unread, []string{"postgrest"}) {
		t.Errorf("unread are %v, and only postgrest has no shell", unread)
	}
	t.Logf("%d services have secrets, %d are unread, %d without a registry", services, len(unread), unreadOffline)
	if services < 40 || 100*len(unread) >= 3*services || unreadOffline < 20 {
		t.Errorf("%d of %d services are unread, %d without a registry", len(unread), services, unreadOffline)
	}
}
