package secret

import (
	"fmt"
	"strings"
	"testing"
)

// A set must know its values and no others, and no dump of it may show one.
func TestSetKnowsItsValuesAndShowsNone(t *testing.T) {
	set := NewSet([]Value{NewValue("invented-one"), NewValue("")})
	if !set.Has(NewValue("invented-one")) || !set.Has(Value{}) || set.Has(NewValue("other")) {
		t.Error("the set does not know what is in it")
	}
	if (Set{}).Has(Value{}) {
		t.Error("the zero set is not empty")
	}
	if dump := fmt.Sprintf("%+v %#v", set, set); strings.Contains(dump, "invented") {
		t.Error("a dump shows a value")
	}
}
