package compose

import "testing"

// A path that may hold a credential must be shown without its text, whichever part of it
// looks like one.
func TestShowablePaths(t *testing.T) {
	for raw, want := range map[string]string{
		"conf/app.env":               "conf/app.env",
		"conf/${API_TOKEN}.env":      "conf/${API_TOKEN}.env",
		"conf/${API_TOKEN:-Kd8}.env": "conf/${API_TOKEN}.env",
		"x Kd83xQm/Vt+9zLp&w4 y":     "…",
		"${DIR}/Kd83xQm/Vt+9zLp&w4":  "${DIR}…",
		"https://app:Kd83xQ@h/a.env": "…",
		"${":                         "…",
	} {
		if got := showable(raw); got != want {
			t.Errorf("showable(%q) = %q, want %q", raw, got, want)
		}
	}
}
