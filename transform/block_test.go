package transform

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A variable that takes another's place must stand in the block once, also where
// the author had set it beside the other.
func TestPutReplacesAndNeverRepeats(t *testing.T) {
	for _, form := range []any{
		[]any{"A=1", "A_FILE=/old", "B=2"}, map[string]any{"A": "1", "A_FILE": "/old", "B": "2"},
	} {
		b := newBlock(form)
		b.put("A", "A_FILE", "/new")
		if diff := cmp.Diff([][2]string{{"A_FILE", "/new"}, {"B", "2"}}, b.texts()); diff != "" {
			t.Errorf("%T (-want +got)\n%s", form, diff)
		}
	}
}
