package swarm

import (
	"runtime"
	"slices"
	"strings"
)

// childNames are the variables that the docker CLI and the programs that it runs (ssh,
// credential helpers of registries) need. They are not for secret managers, which only
// this program reads. They are names, not patterns: DOCKER_INFLUXDB_INIT_PASSWORD,
// SSH_PRIVATE_KEY and AWS_SECRET_ACCESS_KEY are values that people deploy.
//
//nolint:gochecknoglobals // a table, never written
var childNames = strings.Fields(`
	DOCKER_API_VERSION DOCKER_AUTH_CONFIG DOCKER_CERT_PATH DOCKER_CLI_HINTS DOCKER_CONFIG
	DOCKER_CONTENT_TRUST DOCKER_CONTENT_TRUST_SERVER DOCKER_CONTEXT DOCKER_CUSTOM_HEADERS
	DOCKER_DEFAULT_PLATFORM DOCKER_HOST DOCKER_TLS DOCKER_TLS_VERIFY

	SSH_AGENT_PID SSH_ASKPASS SSH_ASKPASS_REQUIRE SSH_AUTH_SOCK SSH_CLIENT SSH_CONNECTION SSH_TTY

	XDG_CACHE_HOME XDG_CONFIG_DIRS XDG_CONFIG_HOME XDG_DATA_DIRS XDG_DATA_HOME
	XDG_RUNTIME_DIR XDG_SESSION_ID XDG_SESSION_TYPE XDG_STATE_HOME

	HTTP_PROXY HTTPS_PROXY FTP_PROXY ALL_PROXY NO_PROXY
	http_proxy https_proxy ftp_proxy all_proxy no_proxy
	SSL_CERT_DIR SSL_CERT_FILE

	DBUS_SESSION_BUS_ADDRESS DISPLAY WAYLAND_DISPLAY XAUTHORITY
	GNUPGHOME GPG_AGENT_INFO GPG_TTY PASSWORD_STORE_DIR PASSWORD_STORE_GPG_OPTS
	AWS_CONFIG_FILE AWS_DEFAULT_REGION AWS_PROFILE AWS_REGION AWS_ROLE_ARN AWS_ROLE_SESSION_NAME
	AWS_SDK_LOAD_CONFIG AWS_SHARED_CREDENTIALS_FILE AWS_WEB_IDENTITY_TOKEN_FILE
	AZURE_CONFIG_DIR CLOUDSDK_CONFIG GOOGLE_APPLICATION_CREDENTIALS
`)

// personNames are variables that the child gets too. They say who and where somebody is, so
// that a service may have them.
//
//nolint:gochecknoglobals // a table, never written
var personNames = strings.Fields("PATH HOME USER LOGNAME SHELL TERM LANG LANGUAGE LC_ALL LC_CTYPE LC_MESSAGES TZ TMPDIR")

// Harmless reports whether docker stack deploy may fill the variable called name into a
// service. The others that it gets, such as DOCKER_AUTH_CONFIG and HTTP_PROXY, may hold
// passwords.
func Harmless(name string) bool { return slices.Contains(personNames, name) }

// windowsNames are needed on Windows too, where the case of a name does not count.
//
//nolint:gochecknoglobals // a table, never written
var windowsNames = strings.Fields(`
	ALLUSERSPROFILE APPDATA COMPUTERNAME COMSPEC HOMEDRIVE HOMEPATH LOCALAPPDATA PATHEXT PROGRAMDATA
	PROGRAMFILES SYSTEMDRIVE SYSTEMROOT TEMP TMP USERDOMAIN USERNAME USERPROFILE WINDIR
`)

// Environ returns what docker stack deploy may see of parent, an environment as
// os.Environ returns it: the variables that the docker CLI and its helpers need,
// and those named in extra. All others stay out, because the CLI would fill
// ${NAME} and empty variables of the stack file with them.
func Environ(parent, extra []string) []string {
	return environ(parent, extra, runtime.GOOS == "windows")
}

func environ(parent, extra []string, windows bool) []string {
	var child []string
	for _, entry := range parent {
		name, _, _ := strings.Cut(entry, "=")
		if Harmless(name) || slices.Contains(childNames, name) || slices.Contains(extra, name) || windows && neededOnWindows(name) {
			child = append(child, entry)
		}
	}
	return child
}

func neededOnWindows(name string) bool {
	name = strings.ToUpper(name)
	return slices.Contains(windowsNames, name) || slices.Contains(childNames, name) || Harmless(name)
}
