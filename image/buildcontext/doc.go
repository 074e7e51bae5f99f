// Package buildcontext looks into a folder that an image is built from for a place that
// shows that the application reads its secrets from files. It reads what the builder
// would read: .dockerignore counts, and no link is followed.
//
// It does not know languages: a mention in a comment counts, one in a document or in a
// compose file does not. It is bounded in files and in bytes, and finds the same place
// in the same folder every time.
package buildcontext
