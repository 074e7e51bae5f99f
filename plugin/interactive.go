package plugin

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/docker/cli/cli/command"

	"github.com/docker-secrets/docker-secrets/compose"
	"github.com/docker-secrets/docker-secrets/transform"
	"github.com/docker-secrets/docker-secrets/transform/classify"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// cannotAsk returns why --interactive makes no sense with the other options or here, ""
// if it does.
func (o migrateOptions) cannotAsk(dockerCLI command.Cli) string {
	switch {
	case !o.interactive:
		return ""
	case o.check || o.diff || o.explain != "":
		return "--interactive writes the answers to the compose file; --check, --diff and --explain write nothing"
	case slices.Contains(o.load.Files, "-"):
		return "--interactive: stdin cannot be the compose file and give answers; name the file with -f"
	case !dockerCLI.In().IsTerminal() || !dockerCLI.Err().IsTerminal():
		return "--interactive requires a terminal; decide with --secret and --plain, or with x-docker-secrets in the compose file"
	}
	return ""
}

// ask asks about every variable of app that no rule could judge, writes the answers
// to x-docker-secrets in the first compose file, and loads it again. With no answer
// it writes nothing.
func ask(ctx context.Context, w io.Writer, key readKey, app *compose.Application, options migrateOptions) (*compose.Application, error) {
	doubts := inDoubt(app, options.policy)
	if len(doubts) == 0 {
		_, _ = fmt.Fprintln(w, "nothing to ask: every variable has a verdict")
		return app, nil
	}
	answers, err := askAll(ctx, w, key, doubts)
	if err != nil {
		return nil, err
	}
	given := len(answers.Secret) + len(answers.Plain)
	if given == 0 {
		return app, nil
	}
	file, err := app.Decide(answers)
	if err != nil {
		return nil, err
	}
	_, _ = fmt.Fprintf(w, "%s written to x-docker-secrets in %s\n\n", counted(given, "answer"), file)
	return compose.Load(ctx, options.load)
}

// inDoubt returns the variables with the verdict maybe whose names can be written as a
// decision, in the report's order.
func inDoubt(app *compose.Application, policy verdict.Policy) []transform.Decision {
	policy.Written = &app.Written.Policy
	knowBases(app)
	decisions, _ := classify.Classify(app.Input, policy)
	return slices.DeleteFunc(decisions.Variables, func(d transform.Decision) bool {
		return d.Verdict != transform.Maybe || verdict.Policy{Plain: []string{pattern(d)}}.Check() != nil
	})
}

// pattern returns d's own name in a policy.
func pattern(d transform.Decision) string { return d.Service + "." + d.Name }

// askAll asks about doubts in turn, one key each.
func askAll(ctx context.Context, w io.Writer, key readKey, doubts []transform.Decision) (verdict.Policy, error) {
	var answers verdict.Policy
	_, _ = fmt.Fprintf(w, "%s in doubt. Press s for secret, p for plain, Enter to leave it as it is, q to stop.\n", counted(len(doubts), "variable"))
	for i, d := range doubts {
		_, _ = fmt.Fprintf(w, "%d/%d %s", i+1, len(doubts), question(d))
		answer, err := readAnswer(ctx, key)
		if err != nil {
			_, _ = fmt.Fprintln(w)
			return verdict.Policy{}, err
		}
		_, _ = fmt.Fprintln(w, answer)
		switch answer {
		case answerSecret:
			answers.Secret = append(answers.Secret, pattern(d))
		case answerPlain:
			answers.Plain = append(answers.Plain, pattern(d))
		case answerStop:
			return answers, nil
		}
	}
	return answers, nil
}

// question names the variable, its place, the rule that left it in doubt and what
// happens to it without an answer. It cannot show the value: a Decision does not have it.
func question(d transform.Decision) string {
	line, fate := "", "stays"
	if d.Place != "" {
		line = d.Place + ", "
	}
	if d.Secret != "" {
		fate = "moves"
	}
	return fmt.Sprintf("%s (%s%s), %s: ", pattern(d), line, d.Rule, fate)
}

// The answers, in the words that the terminal shows.
const (
	answerSecret = "secret"
	answerPlain  = "plain"
	answerLeave  = "as it is"
	answerStop   = "no more"
)

// readAnswer waits for a key that is an answer. Ctrl-C and Ctrl-D end the questions.
func readAnswer(ctx context.Context, key readKey) (string, error) {
	for {
		pressed, err := key(ctx)
		if err != nil {
			return "", err
		}
		switch pressed {
		case 's', 'S':
			return answerSecret, nil
		case 'p', 'P':
			return answerPlain, nil
		case '\r', '\n':
			return answerLeave, nil
		case 'q', 'Q':
			return answerStop, nil
		case ctrlC, ctrlD:
			return "", errNoAnswer
		}
	}
}
