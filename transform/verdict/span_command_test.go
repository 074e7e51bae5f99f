package verdict

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What a shell takes where a variable is not set is a credential, by the variable's
// name or by the flag before it.
func TestScriptDefaults(t *testing.T) {
	for _, want := range []string{
		`redis-server --requirepass "${REDIS_PASSWORD:-[Kd83xQ2m]}" --appendonly yes`,
		`redis-server --requirepass ${X-[Kd83xQ2m]}`,
		`exec app --db-password="${X:-[Kd83xQ2m]}"`,
		`: "${ADMIN_PASS:=[Kd83xQ2m]}"; exec app`,
		`redis-server --requirepass "${REDIS_PASSWORD:-$OTHER}"`,
		`redis-server --requirepass "${REDIS_PASSWORD:?not set}"`,
		`app --level "${LOG_LEVEL:-info}"`,
	} {
		script := strings.NewReplacer("[", "", "]", "").Replace(want)
		if diff := cmp.Diff(want, marked([]string{script}, ScriptLiterals(script))); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
}

// The words of a command must show the same shapes as any text.
func TestCommandShapes(t *testing.T) {
	for _, want := range []string{
		`wget | https://h/x?api_key=[Kd83xQ2m]`,
		`app | --dsn | scott/[Kd83xQ2m]@//db/x`,
		`app | {"db":{"pass":"[Kd83xQ2m]"}}`,
		`app | nats://[tk_Kd83xQ2m]@nats:4222`,
		`sftp | app:[Kd83xQ2m]:1001`,
		`sh | -c | notify https://hooks.slack.com/services/[T0/B0/Kd83xQ2m] now`,
		`app | --label | a=b`,
	} {
		words := strings.Split(strings.NewReplacer("[", "", "]", "").Replace(want), " | ")
		if diff := cmp.Diff(want, marked(words, CommandLiterals(words))); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
}
