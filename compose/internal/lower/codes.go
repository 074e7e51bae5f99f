package lower

// code is one line of the list of codes.
type code struct {
	name string
	loss string // whether a change of this code is a loss: no, yes or "by case"
	text string
}

// codes are all that a Change may have, by name. A test compares them with the
// calls that record changes; a key of fate dropped makes dropped-KEY.
//
//nolint:gochecknoglobals // a table, never written
var codes = []code{
	{"bind-path", "no", "a bind mount's path has to exist on every node that runs the service"},
	{"config-file", "no", "a config stays a file, whose name x-from cannot hold"},
	{"config-template", "no", "a config with the template driver golang is now x-template"},
	{"container-name", "no", "container_name is now a network alias"},
	{"dropped-KEY", "no", "a key is gone that a Swarm does without: attach, develop, env_file, expose, profiles and others of the tables above"},
	{"dropped-build", "no", "the image has to be built and pushed"},
	{"dropped-condition", "yes", "a service does not wait for another to be healthy or done"},
	{"dropped-depends-on", "no", "services start in any order"},
	{"dropped-driver", "by case", "a network is now an overlay; it is a loss where it was none"},
	{"dropped-labels", "no", "docker secrets deploy gives what it creates labels of its own only"},
	{"dropped-links", "no", "services find each other by name"},
	{"dropped-name", "no", "name is now x-stack"},
	{"dropped-network-mode", "no", "bridge is now the stack's default network"},
	{"dropped-replicas", "no", "a global service has no replicas"},
	{"dropped-rollback-config", "no", "jobs are not rolled back"},
	{"dropped-source", "yes", "a secret of a plugin has no file or variable"},
	{"dropped-update-config", "no", "jobs are not updated"},
	{"empty-command", "yes", "Swarm cannot take away the image's command"},
	{"empty-config", "no", "an empty config holds a line break"},
	{"empty-entrypoint", "yes", "an empty entrypoint takes the image's command away too"},
	{"empty-variable", "no", "a shell variable of that name would win in plain docker stack deploy"},
	{"escaped-template", "no", "{{ is escaped so that Swarm passes it on"},
	{"external", "no", "a secret or config is now external: docker secrets deploy creates it"},
	{"external-network", "no", "a network has to be of swarm scope"},
	{"granted-twice", "yes", "a service has one secret or config twice"},
	{"host-network", "by case", "network_mode: host and driver: host are now the external network host; it is a loss where the service joined others too"},
	{"host-port", "no", "a port of a dnsrr service is published in host mode"},
	{"job-restart", "no", "a job that has finished is not started again"},
	{"link-taken", "yes", "the other name of a link is another service's"},
	{"local-volume", "no", "every node has a volume of its own"},
	{"mounted-already", "no", "tmpfs or shm_size is gone: volumes mounts something there"},
	{"moved", "no", "a key has another place in a stack file"},
	{"no-equivalent", "yes", "a key is gone that Swarm has nothing for"},
	{"no-network", "no", "network_mode: none is now an internal network of the service's own"},
	{"node-network", "yes", "a macvlan or ipvlan network has to be created beforehand"},
	{"one-shot", "no", "a service that others wait for is not started again"},
	{"platform", "no", "platform is now placement constraints"},
	{"port-conflict", "yes", "two services publish one port"},
	{"port-host-ip", "yes", "a port is open on every address of every node"},
	{"port-range", "no", "one port of a range is published"},
	{"recent-engine", "no", "an older Engine does something else without a word"},
	{"renamed", "no", "a secret or config has a name that Swarm takes"},
	{"renamed-service", "no", "a service has a name that Swarm takes, and the old one as an alias"},
	{"restart-default", "no", "without restart, Swarm starts again what ends"},
	{"restart-policy", "no", "restart is now deploy.restart_policy"},
	{"said-twice", "no", "a key is dropped because deploy: sets the same"},
	{"shared-network", "yes", "network_mode: service:NAME no longer shares localhost"},
	{"swarm-placeholder", "no", "a placeholder is kept, which Swarm replaces for every task"},
	{"tmpfs-option", "yes", "a tmpfs of a stack has no such option"},
	{"unknown-key", "yes", "a key that is unknown to Compose and Swarm is dropped"},
	{"unset-variable", "no", "a variable without a value is gone"},
	{"volumes-from", "yes", "the mounts of another service hold other data on another node"},
}
