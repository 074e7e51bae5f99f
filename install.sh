#!/bin/sh
# Installs docker-secrets as a plugin of the Docker CLI, for the user who runs it:
# in ${DOCKER_CONFIG:-$HOME/.docker}/cli-plugins, without root. In a checkout it
# builds the program, which needs Go; elsewhere it downloads a release and checks its
# checksum, which needs curl or wget. It may be run again to upgrade.

set -eu

repository=https://github.com/docker-secrets/docker-secrets
releases=${DOCKER_SECRETS_RELEASES:-$repository/releases}

usage() {
    cat <<'END'
Usage: install.sh [--version VERSION] [--release | --build] [--uninstall]

  --version VERSION  install this release (example: v1.2.0); default: the newest
  --release          download a release, also in a checkout
  --build            build from the checkout that this script is in
  --uninstall        remove the plugin and its cache

DOCKER_CONFIG is the folder of the Docker CLI, ~/.docker if it is not set.
END
}

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
    get="get it from https://go.dev/dl/, or install a release: ./install.sh --release"
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

# commit prints the commit of this checkout, nothing without git.
commit() {
    if [ -e .git ]; then git rev-parse --verify --quiet HEAD 2>/dev/null || :; fi
}

# build writes the program to the folder $1. The stamp of the version is our own:
# Go's would fail the build in a checkout that belongs to another user.
build() {
    called=$(version) from=$(commit) about=github.com/docker-secrets/docker-secrets/internal/about
    printf 'building docker-secrets%s\n' "${called:+ $called}"
    GOWORK=off CGO_ENABLED=0 go build -trimpath -buildvcs=false \
        -ldflags "-s -w${called:+ -X $about.Version=$called}${from:+ -X $about.Commit=$from}" -o "$1/docker-secrets" . ||
        die "the build failed, nothing was installed"
}

# system prints this machine as the names of archives have it, as linux_amd64.
system() {
    case $(uname -s) in
    Linux) os=linux ;;
    Darwin) os=darwin ;;
    MINGW* | MSYS* | CYGWIN*) die "Windows: use install.ps1" ;;
    *) die "$(uname -s): no release is built for this system; build from a checkout: git clone $repository" ;;
    esac
    case $(uname -m) in
    x86_64 | amd64) arch=amd64 ;;
    aarch64 | arm64) arch=arm64 ;;
    armv7* | armv8l) arch=armv7 ;;
    riscv64) arch=riscv64 ;;
    ppc64le) arch=ppc64le ;;
    s390x) arch=s390x ;;
    *) arch= ;;
    esac
    case ${os}_$arch in
    *_ | darwin_[!a]* | darwin_armv7)
        die "$(uname -s) on $(uname -m): no release is built for it; build from a checkout: git clone $repository" ;;
    esac
    printf '%s_%s\n' "$os" "$arch"
}

# fetch URL FILE downloads. Only https, apart from tests against this machine.
fetch() {
    case $1 in
    https://* | http://127.0.0.1[:/]*) ;;
    *) die "$1: only https is used" ;;
    esac
    if command -v curl >/dev/null; then
        curl --fail --silent --show-error --location --retry 2 --proto-redir =https --output "$2" "$1"
    elif command -v wget >/dev/null; then
        wget -q -O "$2" "$1"
    else
        die "curl or wget is missing: install one of them"
    fi
}

# checksum prints the SHA-256 of the file $1.
checksum() {
    if command -v sha256sum >/dev/null; then
        sha256sum "$1"
    elif command -v shasum >/dev/null; then
        shasum -a 256 "$1"
    else
        die "sha256sum or shasum is missing: the download cannot be checked"
    fi | awk '{ print $1 }'
}

# download writes the program of the release $wanted to the folder $1.
download() {
    archive=docker-secrets_$(system).tar.gz || exit 1
    from=$releases/latest/download
    [ -z "$wanted" ] || from=$releases/download/$wanted
    printf 'downloading %s\n' "$from/$archive"
    fetch "$from/checksums.txt" "$1/checksums.txt" ||
        die "$from/checksums.txt cannot be downloaded: is ${wanted:-a release} there? See $releases; nothing was installed"
    want=$(awk -v name="$archive" '$2 == name || $2 == "*" name { print $1; exit }' "$1/checksums.txt")
    [ -n "$want" ] || die "$archive: the release has none (checksums.txt does not name it); nothing was installed"
    fetch "$from/$archive" "$1/$archive" ||
        die "$from/$archive cannot be downloaded, or not as a whole: run install.sh again; nothing was installed"
    got=$(checksum "$1/$archive") || exit 1
    [ "$got" = "$want" ] ||
        die "$archive: the checksum is $got, the release says $want: the download is damaged or not the original; nothing was installed"
    tar -xzf "$1/$archive" -C "$1" docker-secrets || die "$archive cannot be unpacked; nothing was installed"
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

# place OBTAIN PLUGIN lets build or download fill a folder beside the plugin and moves
# the program over the old one: whoever runs docker meanwhile finds the old or the new,
# whole.
place() {
    plugins=${2%/*}
    [ ! -d "$2" ] || die "$2 is a directory: remove it"
    mkdir -p "$plugins" || die "$plugins cannot be made: set DOCKER_CONFIG to a folder of yours"
    fresh=$(mktemp -d "$plugins/.docker-secrets.XXXXXX") ||
        die "$plugins cannot be written: set DOCKER_CONFIG to a folder of yours"
    trap 'rm -rf -- "$fresh"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    "$1" "$fresh"
    "$fresh/docker-secrets" docker-cli-plugin-metadata >/dev/null ||
        die "the program does not run here (wrong system, or a folder mounted noexec?), nothing was installed"
    mv -f "$fresh/docker-secrets" "$2"
}

# uninstall removes the plugin $1, and what it keeps about images.
uninstall() {
    [ -e "$1" ] || die "$1 does not exist: nothing to remove (DOCKER_CONFIG says where)"
    rm -f -- "$1" || die "$1 cannot be removed"
    cache=${XDG_CACHE_HOME:-${HOME:+$HOME/.cache}}
    [ -z "$cache" ] || rm -rf -- "$cache/docker-secrets"
    printf 'removed %s\n' "$1"
}

# in_checkout succeeds if this script is a file in a checkout of docker-secrets, and
# makes that the current directory. A script that is piped into sh is no file.
in_checkout() {
    [ "${0##*/}" = install.sh ] && [ -f "$0" ] || return 1
    home=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd) || return 1
    grep -qs '^module github.com/docker-secrets/docker-secrets$' "$home/go.mod" && cd -- "$home"
}

# next says what to do with the plugin $1.
next() {
    printf 'installed %s\n' "$1"
    if command -v docker >/dev/null; then
        printf 'next: docker secrets migrate -f docker-compose.yml\n'
        return
    fi
    printf 'install.sh: docker is missing: get it from https://docs.docker.com/engine/install/ (Debian: apt-get install docker.io)\n' >&2
    printf "next, without docker: '%s' migrate -f docker-compose.yml\n" "$1"
}

main() {
    wanted='' action=''
    while [ $# -gt 0 ]; do
        case $1 in
        --version) [ $# -gt 1 ] || die "--version needs a version"; wanted=v${2#v} action=download; shift ;;
        --version=*) wanted=${1#--version=}; wanted=v${wanted#v} action=download ;;
        --release) action=download ;;
        --build) action=build ;;
        --uninstall) action=uninstall ;;
        -h | --help) usage; return ;;
        *) die "$1 is not an option: see install.sh --help" ;;
        esac
        shift
    done
    plugin=$(config_dir)/cli-plugins/docker-secrets || exit 1
    case $action in
    uninstall) uninstall "$plugin"; return ;;
    build) in_checkout || die "there is no checkout here: git clone $repository, then run its install.sh" ;;
    '') if in_checkout; then action=build; else action=download; fi ;;
    esac
    if [ "$action" = build ]; then need_go; fi
    place "$action" "$plugin"
    next "$plugin"
}

main "$@"
