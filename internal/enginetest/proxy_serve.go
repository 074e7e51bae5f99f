package enginetest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"strings"
	"sync/atomic"
)

func unixTransport(path string) *http.Transport {
	return &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", path)
		},
	}
}

// ServeHTTP passes a request on, unless a fault stands in its way, and records
// it once its answer is complete.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	call := Call{Method: r.Method, Path: pathWithoutVersion(r.URL.Path), Query: r.URL.RawQuery}
	request := &countingBody{ReadCloser: r.Body}
	r.Body = request
	out := &countingWriter{ResponseWriter: w}
	// Deferred, because the reverse proxy panics to cut an answer short.
	defer func() {
		call.Status, call.RequestBytes, call.ResponseBytes = out.status, request.n.Load(), out.n
		p.record(call)
	}()
	if fault := p.nextFault(call); fault != nil {
		p.serveFault(out, r, fault)
		return
	}
	p.pass(out, r)
}

func (p *Proxy) pass(w http.ResponseWriter, r *http.Request) {
	(&httputil.ReverseProxy{
		Transport:     p.backend,
		FlushInterval: -1, // logs and events are streams
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host = "http", "engine"
		},
		ErrorHandler: func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) },
	}).ServeHTTP(w, r)
}

func (p *Proxy) serveFault(w *countingWriter, r *http.Request, fault *Fault) {
	if !wait(r.Context(), fault.Delay) {
		return
	}
	switch {
	case fault.Cut:
		panic(http.ErrAbortHandler)
	case fault.CutAfter:
		p.discard(r)
		panic(http.ErrAbortHandler)
	case fault.Replay:
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		p.discard(r)
		r.Body = io.NopCloser(bytes.NewReader(body))
		p.pass(w, r)
	case fault.Status != 0:
		if fault.After {
			p.discard(r)
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(fault.Status)
		_ = json.NewEncoder(w).Encode(map[string]string{"message": fault.Message})
	default:
		p.pass(w, r)
	}
}

// discard lets the engine do r and throws its answer away.
func (p *Proxy) discard(r *http.Request) {
	out := r.Clone(r.Context())
	out.URL.Scheme, out.URL.Host, out.RequestURI = "http", "engine", ""
	if strings.EqualFold(out.Header.Get("Connection"), "upgrade") {
		return
	}
	reply, err := p.backend.RoundTrip(out)
	if err != nil {
		return
	}
	_, _ = io.Copy(io.Discard, reply.Body)
	_ = reply.Body.Close()
}

// countingBody may still be read by the transport when the answer is complete.
type countingBody struct {
	io.ReadCloser
	n atomic.Int64
}

func (b *countingBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.n.Add(int64(n))
	return n, err
}

type countingWriter struct {
	http.ResponseWriter
	status int
	n      int64
}

func (w *countingWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

func (w *countingWriter) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(p)
	w.n += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach Flush and Hijack.
func (w *countingWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
