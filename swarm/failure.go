package swarm

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/docker/docker/api/types/container"
	types "github.com/docker/docker/api/types/swarm"
	"github.com/docker/docker/pkg/stdcopy"

	"github.com/docker-secrets/docker-secrets/secret"
	forms "github.com/docker-secrets/docker-secrets/transform/verdict" // the package has a type called verdict
)

// Bounds of what a failure shows of a task's log.
const (
	logLines   = 10
	logTimeout = 5 * time.Second
	logBytes   = 64 * 1024
)

// ServiceError is a service that did not get there.
type ServiceError struct {
	Service string   // without the stack's name
	Task    string   // web.1, or "" when no task tells why
	Node    string   // the host's name, or ""
	Reason  string   // the task's own error, redacted
	Logs    []string // the last lines of its log, redacted
}

func (e *ServiceError) Error() string {
	var b strings.Builder
	b.WriteString(e.Service + ": ")
	if e.Task != "" {
		b.WriteString("task " + e.Task)
		if e.Node != "" {
			b.WriteString(" on " + e.Node)
		}
		b.WriteString(": ")
	}
	b.WriteString(e.Reason)
	for _, line := range e.Logs {
		b.WriteString("\n  | " + line)
	}
	return b.String()
}

// failure makes the error for v. ctx may have ended: the log is still wanted.
func (w *watcher) failure(ctx context.Context, v verdict) *ServiceError {
	name := strings.TrimPrefix(v.service.Spec.Name, w.stack+"_")
	failure := &ServiceError{Service: name, Reason: cmp.Or(v.reason, w.late(v)) + v.suffix}
	if v.problem == nil || taskError(v.problem) == "" {
		return failure
	}
	failure.Task = name
	if v.problem.Slot > 0 {
		failure.Task += "." + strconv.Itoa(v.problem.Slot)
	}
	failure.Node = w.opts.Before.Nodes[v.problem.NodeID]
	failure.Reason = redact(taskError(v.problem), w.opts.Values) + v.suffix
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), logTimeout)
	defer cancel()
	for _, line := range lastLines(ctx, w.api, v.problem.ID) {
		failure.Logs = append(failure.Logs, redact(line, w.opts.Values))
	}
	return failure
}

// late says why a service is not there in which nothing is wrong.
func (w *watcher) late(v verdict) string {
	p := v.progress
	switch {
	case p.Lasts > 0:
		return fmt.Sprintf("timed out: %d of %d tasks run, but not for %s yet", p.Running, p.Wanted, p.Lasts)
	case mustComplete(v.service) && !w.opts.NoWaitJobs && v.atWork > 0:
		return fmt.Sprintf("timed out: still at work, %d of %d tasks have completed; give it more time with --timeout, or do not wait for jobs with --no-wait-jobs", p.Running, p.Wanted)
	}
	return fmt.Sprintf("timed out: %d of %d tasks run", p.Running, p.Wanted)
}

// taskError returns the Engine's text for what is wrong with a task, or "".
func taskError(t *types.Task) string {
	switch {
	case t == nil:
		return ""
	case t.Status.Err != "":
		return t.Status.Err
	case hasFailed(*t):
		return cmp.Or(t.Status.Message, string(t.Status.State))
	case isComplete(*t) && t.JobIteration == nil && restartsAlways(t.Spec):
		return endedWell(t.Spec.ContainerSpec)
	}
	return ""
}

// endedWell says what it may mean that a program ended with exit code 0 and is
// started again. The Engine does not tell a program that it stopped, because its
// healthcheck failed, from one that ended by itself: a good exit code hides both.
func endedWell(spec *types.ContainerSpec) string {
	const (
		again   = "the program ended with exit code 0 and Swarm starts it again and again: "
		oneShot = "for a one-shot service set deploy.restart_policy.condition: none"
	)
	switch {
	case spec == nil || spec.Healthcheck == nil || len(spec.Healthcheck.Test) == 0:
		return again + "it ends by itself (" + oneShot + "), or a healthcheck that its image has fails"
	case spec.Healthcheck.Test[0] == "NONE":
		return again + "it ends by itself; " + oneShot
	}
	return again + "its healthcheck fails, or it ends by itself (" + oneShot + ")"
}

// lastLines returns the end of a task's log, no lines if it cannot be read because its
// node is gone or its driver keeps no log.
func lastLines(ctx context.Context, api API, task string) []string {
	stream, err := api.TaskLogs(ctx, task, container.LogsOptions{
		ShowStdout: true, ShowStderr: true, Tail: strconv.Itoa(logLines),
	})
	if err != nil {
		return nil
	}
	defer func() { _ = stream.Close() }()
	var text strings.Builder
	// An error ends the text early; what came before it is still worth showing.
	_, _ = stdcopy.StdCopy(&text, &text, io.LimitReader(stream, logBytes))
	var lines []string
	for scanner := bufio.NewScanner(strings.NewReader(text.String())); scanner.Scan(); {
		lines = append(lines, strings.TrimRight(scanner.Text(), "\r"))
	}
	return lines[max(0, len(lines)-logLines):]
}

// redact replaces every value in text, in every form, and every line of one, because a log
// shows the lines of a key one by one. A text with a very short value is replaced as a
// whole.
func redact(text string, values []secret.Value) string {
	return forms.NewRedactor(values).RedactLine(text)
}
