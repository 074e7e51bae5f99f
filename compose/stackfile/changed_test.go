package stackfile

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// ChangedKeys must name the keys whose values differ, and not comments or order.
func TestChangedKeys(t *testing.T) {
	old := "# one\nservices:\n  web:\n    image: a\n    environment:\n      LEVEL: info\n      GONE: x\nsecrets:\n  key:\n    external: true\n"
	now := "services:\n  web:\n    environment:\n      LEVEL: debug\n    image: a\n  job:\n    image: b\nsecrets:\n  key:\n    external: true\n"
	want := []string{"services.job", "services.web.environment.GONE", "services.web.environment.LEVEL"}
	if diff := cmp.Diff(want, ChangedKeys([]byte(old), []byte(now))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := ChangedKeys([]byte("a: 1 # x\nb: 2\n"), []byte("b: 2\na: 1\n")); len(got) > 0 {
		t.Errorf("order: %v", got)
	}
}
