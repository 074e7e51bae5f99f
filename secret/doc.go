// Package secret is the vocabulary that every room shares: the Value that never
// shows itself, the Reference that says where a value comes from, and what the
// Swarm takes for a secret's name and size.
//
// It does not know Compose files, the Engine, or how a value is fetched.
package secret
