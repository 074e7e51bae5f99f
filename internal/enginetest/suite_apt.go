package enginetest

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// suitePackages returns what an engine and its CLI consist of; apt adds what they need.
// Before Debian 13 the engine's package has the CLI.
func suitePackages(folder string) []string {
	packages := []string{"docker.io", "containerd", "runc", "iptables", "netbase"}
	if apt(folder, "apt-cache", "show", "docker-cli") == nil {
		packages = append(packages, "docker-cli")
	}
	return packages
}

// aptConfig keeps everything that apt reads and writes below one folder, and leaves out
// what a machine's own configuration would run. An empty status file means that nothing
// is installed, so that apt fetches libraries too.
const aptConfig = `#clear APT::Update;
#clear APT::Default-Release;
#clear DPkg::Pre-Install-Pkgs;
#clear Acquire::IndexTargets::deb::DEP-11;
Dir::Etc::SourceList "FOLDER/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
Dir::State "FOLDER";
Dir::State::status "FOLDER/status";
Dir::Cache "FOLDER";
Dir::Log "FOLDER";
APT::Sandbox::User "root";
APT::Install-Recommends "false";
Acquire::Languages "none";
Acquire::Retries "3";
`

// fetchSuite downloads a suite's packages, and what they need, into folder and returns
// their files. It fails with a *fetchError.
func fetchSuite(suite, folder string) ([]string, error) {
	mirror, err := debianMirror()
	if err != nil {
		return nil, &fetchError{"Debian's mirror", err}
	}
	for _, name := range []string{"lists/partial", "archives/partial"} {
		if err := os.MkdirAll(filepath.Join(folder, name), 0o755); err != nil {
			return nil, err
		}
	}
	for name, content := range map[string]string{
		"apt.conf":     strings.ReplaceAll(aptConfig, "FOLDER", folder),
		"sources.list": fmt.Sprintf("deb [signed-by=%s] %s %s main\n", keyring, mirror, suite),
		"status":       "",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			return nil, err
		}
	}
	if err := apt(folder, "apt-get", "update", "--error-on=any"); err != nil {
		return nil, &fetchError{"package lists of " + suite, err}
	}
	install := append([]string{"install", "--yes", "--download-only"}, suitePackages(folder)...)
	if err := apt(folder, "apt-get", install...); err != nil {
		return nil, &fetchError{"packages of " + suite, err}
	}
	return filepath.Glob(filepath.Join(folder, "archives", "*.deb"))
}

// apt runs one of apt's programs with the configuration in folder.
func apt(folder, program string, args ...string) error {
	cmd := exec.Command(program, append([]string{"-qq"}, args...)...)
	cmd.Env = append(cmd.Environ(), "APT_CONFIG="+filepath.Join(folder, "apt.conf"), "LC_ALL=C", "DEBIAN_FRONTEND=noninteractive")
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s %s: %w\n%s", program, args[0], err, out)
	}
	return nil
}

// debianMirror returns where this machine's apt gets Debian from. A password in a URL
// would be shown in errors: such a mirror is not used.
func debianMirror() (string, error) {
	out, err := exec.Command("apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages").Output()
	if err != nil {
		return "", fmt.Errorf("apt-get indextargets: %w", err)
	}
	for mirror := range strings.Lines(string(out)) {
		mirror = strings.TrimSpace(mirror)
		parsed, err := url.Parse(mirror)
		if err == nil && parsed.User == nil && strings.HasSuffix(strings.TrimSuffix(mirror, "/"), "/debian") {
			return mirror, nil
		}
	}
	return "", errors.New("the sources of apt name none")
}
