module github.com/docker-secrets/docker-secrets

go 1.26.0
