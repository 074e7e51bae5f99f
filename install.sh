#!/bin/sh
# Builds docker-secrets from this checkout and installs it as a plugin of the
# Docker CLI, in ${DOCKER_CONFIG:-$HOME/.docker}/cli-plugins. Needs Go, nothing
# else; may be run from any directory, and again to upgrade.

set -eu

die() {
    printf 'install.sh: %s\n' "$*" >&2
    exit 1
}

# at_least HAVE WANT succeeds if version HAVE is WANT or newer.
at_least() {
    awk -v have="$1" -v want="$2" 'BEGIN {
        split(have, h, "."); split(want, w, ".")
        for (i = 1; i <= 3; i++)
            if (h[i] + 0 != w[i] + 0) exit h[i] + 0 < w[i] + 0
    }'
}

# go_version prints the version of Go that builds the current directory. A Go
# since 1.21 fetches the one that go.mod asks for, if it is allowed to.
go_version() {
    found=$(go env GOVERSION 2>/dev/null) || found=$(GOTOOLCHAIN=local go env GOVERSION 2>/dev/null) || found=
    printf '%s\n' "${found##*go}"
}

need_go() {
    want=$(awk '$1 == "go" { print $2 }' go.mod)
    get="get it from https://go.dev/dl/"
    command -v go >/dev/null ||
        die "Go is missing: $get (version $want or newer; if it is installed, put it on the PATH)"
    have=$(go_version)
    at_least "$have" "$want" ||
        die "Go $want or newer is missing, $(command -v go) is ${have:-broken}: $get"
}

# version prints what git calls this checkout, nothing without git. A source
# archive unpacked inside somebody's repository is not asked about.
version() {
    if [ -e .git ]; then git describe --tags --always --dirty 2>/dev/null || :; fi
}

# build writes the program to the file $1. The stamp of the version is our own:
# Go's would fail the build in a checkout that belongs to another user.
build() {
    called=$(version)
    printf 'building docker-secrets%s\n' "${called:+ $called}"
    GOWORK=off CGO_ENABLED=0 go build -trimpath -buildvcs=false \
        -ldflags "-s -w${called:+ -X github.com/docker-secrets/docker-secrets/internal/about.Version=$called}" -o "$1" . ||
        die "the build failed, nothing was installed"
    "$1" docker-cli-plugin-metadata >/dev/null ||
        die "the program that was built does not run here (GOOS, GOARCH?), nothing was installed"
}

# config_dir prints the Docker CLI's folder, absolute.
config_dir() {
    dir=${DOCKER_CONFIG:-${HOME:+$HOME/.docker}}
    case $dir in
    '') die "HOME is not set: set it, or DOCKER_CONFIG" ;;
    /*) printf '%s\n' "$dir" ;;
    *) printf '%s\n' "$(pwd)/$dir" ;;
    esac
}

# place builds into a folder beside the plugin and moves it over the old one:
# whoever runs docker meanwhile finds the old or the new, whole.
place() {
    plugins=${1%/*}
    [ ! -d "$1" ] || die "$1 is a directory: remove it"
    mkdir -p "$plugins" || die "$plugins cannot be made: set DOCKER_CONFIG to a folder of yours"
    fresh=$(mktemp -d "$plugins/.docker-secrets.XXXXXX") ||
        die "$plugins cannot be written: set DOCKER_CONFIG to a folder of yours"
    trap 'rm -rf -- "$fresh"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    build "$fresh/docker-secrets"
    mv -f "$fresh/docker-secrets" "$1"
}

main() {
    plugin=$(config_dir)/cli-plugins/docker-secrets
    CDPATH='' cd -- "$(dirname -- "$0")"
    grep -qs '^module github.com/docker-secrets/docker-secrets$' go.mod ||
        die "there is no checkout here: git clone https://github.com/docker-secrets/docker-secrets, then run its install.sh"
    need_go
    place "$plugin"
    printf 'installed %s\n' "$plugin"
    if command -v docker >/dev/null; then
        printf 'next: docker secrets migrate -f docker-compose.yml\n'
        return
    fi
    printf 'install.sh: docker is missing: get it from https://docs.docker.com/engine/install/ (Debian: apt-get install docker.io)\n' >&2
    printf "next, without docker: '%s' migrate -f docker-compose.yml\n" "$plugin"
}

main "$@"
