// Package e2e runs the program as people do, as a plugin of a real docker CLI
// against a real Engine with a Swarm. It knows nothing of the rooms behind the
// commands; it holds tests only.
package e2e
