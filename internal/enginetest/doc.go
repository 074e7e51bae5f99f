// Package enginetest gives tests a real Docker Engine with a Swarm, and a proxy
// in front of it that counts calls and breaks them on request.
//
// An engine lives in mount, network and process namespaces of its own: it does
// not touch the machine's bridges, iptables rules or running Engine, and the
// kernel kills everything in it, containers included, when the test process
// dies for whatever reason. It needs Linux, root, dockerd, containerd, iptables,
// ip and a static busybox; without them tests skip, or fail where
// DOCKER_SECRETS_REQUIRE_ENGINE=1 says that they must run. With -short they skip.
//
// Suite gives the same of another Debian suite, which needs apt-get and a mirror.
//
// It knows nothing of this project's other packages.
package enginetest
