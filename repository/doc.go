// Package repository asks git what it tracks, what it ignores, and whether its history
// holds a secret. It goes through the git program, so packed, shallow and partial
// clones and worktrees are read as git reads them; nothing in a repository is run, and
// nothing is fetched.
//
// It does not know applications or rules. Values are compared in memory: git is given
// object names only, and what is returned names places.
package repository
