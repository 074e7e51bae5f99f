// Package swarm knows the Engine: it observes a Swarm, plans what a deploy has to
// do, applies that plan, runs the user's docker stack deploy, watches the tasks
// and prunes what nothing refers to any more.
//
//	Observe → Compare → NewPlan → Apply → Deployer.Deploy → Watch → NewPrune → Apply
//	one       a ques-   pure      one     the user's own    until    pure
//	snapshot  tion a              call    docker CLI        every
//	          secret              an op                     task is new
//
// A rotation goes from Apply to Watch by Switch instead, and a Job may run before
// it: a command that makes a new value known inside a database.
//
// Swarm secrets cannot change. A new value is a new secret: the first has the
// plain name, later ones end in _v2, _v3 and so on. What we create carries labels
// that say which stack and which logical name it belongs to; ownership is judged
// by them alone. No hash of a value is stored anywhere: whether a value is the
// one on the Swarm is a question that the Engine answers (see Compare).
//
// The package does not know compose files or where values come from, and it
// prints nothing.
package swarm
