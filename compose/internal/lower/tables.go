package lower

// The tables say what becomes of every key of the Compose Spec, one line a key. A
// parent without rules of its own below it answers for all that is in it. The
// order counts: it is the order of application. Facts about docker stack deploy are
// those of the schemas 3.9 to 3.13 of docker/cli and of the Engine 20.10 to 29.

//nolint:gochecknoglobals // a table, never written
var topRules = []rule{
	{"version", rewritten, unset, "the lowest version of the stack schema that has every key of the file: 3.9, 3.12 or 3.13"},
	{"name", rewritten, lowerName, "not a key of stack files; it became x-stack, the name that the stack gets unless another one is given"},
	{"x-stack", kept, keep(text), "the default name of the stack; our own key"},
	{"include", rewritten, unresolved, "the included files are read and merged first"},
	{"services", kept, entries(lowerService), "kept; a name that is no DNS label is changed, and the old one stays as an alias"},
	{"networks", kept, entries(lowerNetwork), "kept; they become overlay networks"},
	{"volumes", kept, entries(lowerVolume), "kept; a volume of the local driver is another one on every node"},
	{"secrets", kept, entries(lowerSecret), "kept; what is no driver's is external and created by docker secrets deploy"},
	{"configs", kept, entries(lowerConfig), "kept; what is inline becomes external and is created by docker secrets deploy"},
	{"models", lost, nil, "dropped: Swarm runs no models; run one as a service, or use one elsewhere and set its URL"},
	{"jobs", lost, nil, "dropped: Swarm has no triggers; start the job as a service with deploy.mode: replicated-job, or from cron"},

	{"networks.*.name", kept, keep(text), "kept; the network is then not named after the stack"},
	{"networks.*.external", kept, unset, "kept; the network has to exist and be of swarm scope, or be host"},
	{"networks.*.driver", kept, networkDriver, "bridge and default are left out (the network is an overlay), host and none are replaced, macvlan and ipvlan have to be created beforehand"},
	{"networks.*.driver_opts", kept, networkOptions, "kept, but for those of the bridge driver"},
	{"networks.*.attachable", kept, keep(boolean), "kept"},
	{"networks.*.internal", kept, keep(boolean), "kept"},
	{"networks.*.labels", kept, keep(mapping), "kept"},
	{"networks.*.enable_ipv4", lost, networkIPv4, "dropped: a stack cannot switch IPv4 off; create the network with docker network create and make it external"},
	{"networks.*.enable_ipv6", lost, nil, "dropped: a stack cannot switch IPv6 on; create the network with docker network create --ipv6 -d overlay and make it external"},
	{"networks.*.ipam", kept, nested, "kept"},
	{"networks.*.ipam.driver", kept, keep(text), "kept"},
	{"networks.*.ipam.config", kept, each, "kept"},
	{"networks.*.ipam.config[].subnet", kept, keep(text), "kept"},
	{"networks.*.ipam.config[].gateway", lost, nil, "dropped: the Swarm chooses the gateway; create the network with docker network create and make it external if it matters"},
	{"networks.*.ipam.config[].ip_range", lost, nil, "dropped: the whole subnet is used; write a smaller subnet, or create the network and make it external"},
	{"networks.*.ipam.config[].aux_addresses", lost, nil, "dropped: a stack cannot reserve addresses; create the network with docker network create and make it external"},
	{"networks.*.ipam.options", lost, nil, "dropped: a stack gives the IPAM driver no options; create the network with docker network create and make it external"},

	{"volumes.*.name", kept, keep(text), "kept; the volume is then not named after the stack"},
	{"volumes.*.external", kept, unset, "kept; the volume has to exist on every node that runs a task with it"},
	{"volumes.*.driver", kept, keep(text), "kept"},
	{"volumes.*.driver_opts", kept, keep(numbers), "kept"},
	{"volumes.*.labels", kept, keep(mapping), "kept"},
	{"volumes.*.x-cluster-spec", lost, nil, "dropped: not a key of Compose; create the cluster volume with docker volume create and make it external"},

	{"secrets.*.external", kept, unset, "kept; every secret without a driver is external"},
	{"secrets.*.name", kept, keep(text), "kept; the version in use"},
	{"secrets.*.x-from", kept, keep(places), "where the value comes from; our own key"},
	{"secrets.*.x-template", kept, keep(text), "the text of a secret that is made of other secrets; our own key"},
	{"secrets.*.file", rewritten, unset, "becomes external, with x-from: file://PATH"},
	{"secrets.*.environment", rewritten, unset, "becomes external, with x-from: env://NAME"},
	{"secrets.*.driver", kept, keep(text), "kept; a secret of a plugin is not external"},
	{"secrets.*.driver_opts", kept, keep(numbers), "kept for a secret of a plugin"},
	{"secrets.*.template_driver", kept, keep(text), "kept for a secret of a plugin, else lost; write the text as x-template"},
	{"secrets.*.labels", kept, keep(mapping), "kept for a secret of a plugin; docker secrets deploy gives its own labels only"},

	{"configs.*.external", kept, unset, "kept"},
	{"configs.*.name", kept, keep(text), "kept; the version in use"},
	{"configs.*.x-from", kept, keep(places), "where the content comes from; our own key"},
	{"configs.*.x-content", kept, keep(text), "the content; our own key"},
	{"configs.*.x-template", kept, keep(text), "the content, as a template that the Engine fills in with secrets; our own key"},
	{"configs.*.content", rewritten, unset, "becomes external, with the text as x-content"},
	{"configs.*.environment", rewritten, unset, "becomes external, with x-from: env://NAME"},
	{"configs.*.file", rewritten, unset, "becomes external, with x-from: file://PATH"},
	{"configs.*.template_driver", rewritten, keep(text), "golang makes the content x-template; Swarm has no other driver"},
	{"configs.*.labels", kept, keep(mapping), "kept for a config that stays a file; docker secrets deploy gives its own labels only"},
}
