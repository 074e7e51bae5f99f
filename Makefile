# make quick, test, lint, build, generate, check: CONTRIBUTING.md says when.

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null)
COMMIT := $(shell git rev-parse --verify --quiet HEAD)
ABOUT := github.com/docker-secrets/docker-secrets/internal/about
LINT_VERSION := 2.15.0
ACTIONLINT_VERSION := v1.7.12
SCRIPTS = install.sh .ci/need .ci/reproducible .ci/run $(wildcard transform/data/shim/*.sh)

# The linter on the PATH if it is of this very version, else one of our own: it
# takes some minutes to compile, once.
LINT_OWN := .bin/golangci-lint-$(LINT_VERSION)/golangci-lint
LINT := $(if $(filter $(LINT_VERSION),$(shell golangci-lint version --short 2>/dev/null)),golangci-lint,$(LINT_OWN))

# su leaves root without them, and dockerd and iptables are there.
export PATH := $(PATH):/usr/sbin:/sbin

.PHONY: build quick test test-vault test-sops test-registry lint lint-go lint-shell lint-workflows fmt bench generate check tidy check-tidy check-generated cross install
build: ## the program, as ./docker-secrets
	CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags "-s -w$(if $(VERSION), -X $(ABOUT).Version=$(VERSION) -X $(ABOUT).Commit=$(COMMIT))" -o docker-secrets .

# In the order of the packages and without -shuffle, so that go test answers from
# its cache for what did not change.
quick: ## the tests that need no engine, without the race detector
	go test -short ./...

# Tests that need an engine start their own and skip where there is none, unless
# DOCKER_SECRETS_REQUIRE_ENGINE=1. They take samples of long matrices, unless
# DOCKER_SECRETS_WHOLE=1. The race detector needs a C compiler.
test: ## all tests; installs the engine they need where that is possible
	@.ci/need docker dockerd iptables ip busybox cc || \
		{ [ "$$DOCKER_SECRETS_REQUIRE_ENGINE" != 1 ] && echo "tests that need it are skipped" >&2; }
	go test $$(if command -v cc >/dev/null; then echo -race; fi) -shuffle=on -timeout=45m ./...

# A module of its own, since all of Vault is built for it: minutes the first time.
# vet would look into all of Vault too.
test-vault: ## source/vault against a real Vault
	cd vaulttest && go test -vet=off -shuffle=on -timeout=45m ./...

test-sops: ## sops:// references against the real sops
	cd sopstest && go test -vet=off -shuffle=on -timeout=45m ./...

test-registry: ## image's lookups against the registry that public hubs are built from
	cd registrytest && go test -vet=off -shuffle=on -timeout=45m ./...

lint: lint-go lint-shell lint-workflows ## Go (the import graph and the format too), shell and workflows

lint-go: $(filter $(LINT_OWN),$(LINT))
	$(LINT) run ./...

lint-shell:
	@.ci/need shellcheck
	shellcheck $(SCRIPTS)

lint-workflows:
	go run github.com/rhysd/actionlint/cmd/actionlint@$(ACTIONLINT_VERSION)

fmt: $(filter $(LINT_OWN),$(LINT)) ## gofumpt, and imports in three groups
	$(LINT) fmt ./...

$(LINT_OWN):
	GOBIN="$(CURDIR)/$(@D)" go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v$(LINT_VERSION)

bench: ## measures against peers, and writes docs/benchmarks.md: a quarter of an hour on an idle machine
	go run ./internal/bench

generate: ## what is generated from the code
	go generate ./...

check: check-tidy check-generated cross ## fails if make generate or go mod tidy would change a file

tidy: ## go.mod and go.sum, of the tests' own modules too
	go mod tidy
	cd vaulttest && go mod tidy
	cd sopstest && go mod tidy
	cd registrytest && go mod tidy

check-tidy:
	go mod tidy -diff
	cd vaulttest && go mod tidy -diff
	cd sopstest && go mod tidy -diff
	cd registrytest && go mod tidy -diff

# What git sees before and after is compared, so that work in progress is no fault.
SEEN = { git status --porcelain; git diff; } | git hash-object --stdin
check-generated:
	@before=$$($(SEEN)) && $(MAKE) --no-print-directory generate && after=$$($(SEEN)) && \
	{ [ "$$before" = "$$after" ] || { git status --short; echo "generated files were stale: commit what make generate changed" >&2; exit 1; }; }

cross: ## it compiles for the other systems that the Docker CLI runs on
	CGO_ENABLED=0 GOOS=darwin GOARCH=arm64 go build -o /dev/null ./...
	CGO_ENABLED=0 GOOS=windows GOARCH=amd64 go build -o /dev/null ./...

install: ## the program, as a plugin of the Docker CLI
	./install.sh

# The tools of a release, of these very versions, in .bin: goreleaser takes minutes to
# compile, once.
GORELEASER_VERSION := v2.16.0
CYCLONEDX_VERSION := v1.10.0
RELEASE_BIN := $(CURDIR)/.bin/release-$(GORELEASER_VERSION)-$(CYCLONEDX_VERSION)

$(RELEASE_BIN):
	GOBIN="$@.new" go install github.com/goreleaser/goreleaser/v2@$(GORELEASER_VERSION)
	GOBIN="$@.new" go install github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@$(CYCLONEDX_VERSION)
	mv "$@.new" "$@"

.PHONY: release-check reproducible snapshot vulnerabilities
release-check: $(RELEASE_BIN) ## whether .goreleaser.yaml is valid
	PATH="$(RELEASE_BIN):$$PATH" goreleaser check

reproducible: $(RELEASE_BIN) ## whether two builds of a release are the same bytes, and those of make build
	PATH="$(RELEASE_BIN):$$PATH" .ci/reproducible

snapshot: $(RELEASE_BIN) ## a whole release in dist/, unsigned and unpublished
	PATH="$(RELEASE_BIN):$$PATH" TAP_TOKEN= goreleaser release --snapshot --clean --skip=sign --timeout 3h

vulnerabilities: ## known ones that the program can reach
	go run golang.org/x/vuln/cmd/govulncheck@latest ./...
