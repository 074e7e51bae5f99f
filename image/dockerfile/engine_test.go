package dockerfile_test

import (
	"archive/tar"
	"bytes"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/docker/docker/api/types/build"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	dockerspec "github.com/moby/docker-image-spec/specs-go/v1"

	"github.com/docker-secrets/docker-secrets/image/dockerfile"
	"github.com/docker-secrets/docker-secrets/internal/enginetest"
	"github.com/docker-secrets/docker-secrets/transform/images"
)

func TestMain(m *testing.M) { os.Exit(enginetest.Run(m)) }

// run is what decides how an image runs.
type run struct {
	Config images.Config
	User   string
	Names  []string
}

// built builds an image on a real Engine and says how it runs.
func built(t *testing.T, engine *enginetest.Engine, tag, content string, b dockerfile.Build) run {
	t.Helper()
	var archive bytes.Buffer
	w := tar.NewWriter(&archive)
	for name, text := range map[string]string{"Dockerfile": content, "app": "#!/bin/sh\n"} {
		if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o755, Size: int64(len(text))}); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, text); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	response, err := engine.Client.ImageBuild(t.Context(), &archive, build.ImageBuildOptions{Tags: []string{tag}, Target: b.Target, BuildArgs: b.Args, Remove: true})
	if err != nil {
		t.Fatal(err)
	}
	output, err := io.ReadAll(response.Body)
	if err != nil || strings.Contains(string(output), `"error"`) {
		t.Fatalf("%v\n%s", err, output)
	}
	return inspected(t, engine, tag)
}

// inspected is what the Engine says of an image.
func inspected(t *testing.T, engine *enginetest.Engine, tag string) run {
	t.Helper()
	found, err := engine.Client.ImageInspect(t.Context(), tag)
	if err != nil {
		t.Fatal(err)
	}
	c := found.Config
	if c == nil {
		c = &dockerspec.DockerOCIImageConfig{}
	}
	r := run{Config: images.Config{Entrypoint: c.Entrypoint, Command: c.Cmd, Shell: c.Shell, OnBuild: c.OnBuild}, User: c.User}
	if c.Healthcheck != nil && c.Healthcheck.Test[0] != "NONE" {
		r.Config.Healthcheck = c.Healthcheck.Test
	}
	for _, entry := range c.Env {
		if name, _, _ := strings.Cut(entry, "="); name != "PATH" {
			r.Names = append(r.Names, name)
		}
	}
	slices.Sort(r.Names)
	return r
}

// What is read of a Dockerfile must be what a real builder makes of it.
func TestEngine(t *testing.T) {
	engine := enginetest.Shared(t)
	base := built(t, engine, "test/base:1", "FROM "+enginetest.Image+`
SHELL ["/bin/ash", "-e", "-c"]
ENTRYPOINT ["/entry"]
CMD ["from", "base"]
HEALTHCHECK CMD check
ONBUILD SHELL ["/bin/ash", "-x", "-c"]
`, dockerfile.Build{})
	for intent, c := range map[string]struct {
		content string
		build   dockerfile.Build
		base    *run
	}{
		"nothing but the base":                   {content: "FROM test/base:1\n", base: &base},
		"a command on the base":                  {content: "FROM test/base:1\nCMD serve --now\nENV A=1 B=2\nENV C 3\n", base: &base},
		"an entrypoint voids the base's command": {content: "FROM test/base:1\nENTRYPOINT [\"/app\"]\n", base: &base},
		"an entrypoint keeps its own command":    {content: "FROM test/base:1\nCMD [\"own\"]\nENTRYPOINT exec app\n", base: &base},
		"an empty entrypoint":                    {content: "FROM test/base:1\nENTRYPOINT []\n", base: &base},
		"no healthcheck":                         {content: "FROM test/base:1\nHEALTHCHECK NONE\nUSER me\n", base: &base},
		"a shell between":                        {content: "FROM " + enginetest.Image + "\nCMD first\nSHELL [\"/bin/sh\", \"-xc\"]\nENTRYPOINT second\nHEALTHCHECK CMD third\n"},
		"scratch":                                {content: "FROM scratch\nCOPY app /app\nCMD [\"/app\"]\n"},
		"arguments": {
			content: "ARG NAME=x\nARG FULL=${NAME}:${TAG:-local}\nFROM ${FULL} AS one\nARG WHO=me\nENV GROUP=us\nUSER ${WHO}:$GROUP\nFROM one\nARG WHO\nUSER ${WHO}-${NOBODY:-none}\nENTRYPOINT [\"a\"]\n",
			build:   dockerfile.Build{Args: map[string]*string{"NAME": new("busybox"), "WHO": new("1")}},
		},
		"a target with what it is built on": {
			content: "FROM " + enginetest.Image + " AS one\nCMD [\"one\"]\nONBUILD CMD [\"triggered\"]\nFROM one AS two\nENTRYPOINT [\"two\"]\nFROM scratch AS three\nCMD [\"three\"]\n",
			build:   dockerfile.Build{Target: "two"},
		},
	} {
		t.Run(strings.ReplaceAll(intent, " ", "-"), func(t *testing.T) {
			want := built(t, engine, "test/made:1", c.content, c.build)
			c.build.Name = "Dockerfile"
			image, err := dockerfile.Read([]byte(c.content), c.build)
			if err != nil || len(image.Unknown) > 0 {
				t.Fatalf("%v %v", err, image.Unknown)
			}
			below := run{Config: images.Config{HasShell: images.Yes}}
			if c.base != nil {
				below = *c.base
			}
			got := run{User: image.User, Names: image.Variables}
			got.Config, _ = image.On(&below.Config)
			got.Config.HasShell = images.NotKnown // the Engine does not say
			if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s (-want +got)\n%s", c.content, diff)
			}
		})
	}
}
