package images

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Every form of a row must be shown as the image wants it written.
func TestImagesPageForms(t *testing.T) {
	for _, c := range []struct{ row, subject, example, remarks string }{
		{"x\t-\tsuffix:_FILE\tDB_HOST DB_PASSWORD\t-\t-\t-\t-\t-\t-\t-\t-\t-", "`DB_HOST`, `DB_PASSWORD`", "`DB_PASSWORD_FILE=/run/secrets/…`", ""},
		{"x\t-\tsuffix:_CMD=cat_\tA\t-\t-\t-\t-\t-\t-\t-\t-\tA_B: no", "`A`", "`A_CMD=cat /run/secrets/…`", "`A_B`: no"},
		{"x\t-\tprefix:FILE__\t* !ENV\t-\t-\t0400\t-\t-\t-\t-\t-\t-", "all but `ENV`", "`FILE__*=/run/secrets/…`", "the file gets mode 0400 and belongs to user 0"},
		{"x\t-\tvalue:file://\tA\t-\t-\t-\t-\tA+B\t-\tC\t-\t-", "`A`", "`A=file:///run/secrets/…`", "all as files or all plain: `A`, `B`; read for an empty data directory only: `C`"},
		{"x\t-\texpects\tA=b\t-\t-\t-\t-\t-\tD\t-\t-\t-", "`A`", "in `/run/secrets`, in this order: `b`", "always secrets: `D`"},
		{"x\t-\texpects\tA\t-\t-\t-\t-\t-\t-\t-\t-\t-", "`A`", "`/run/secrets/VARIABLE`", ""},
		{"x\t-\tnamed:N\tA=b\t-\t-\t-\t-\t-\t-\t-\t-\t-", "`A`", "`N=b`", ""},
	} {
		rows, err := readImages(c.row)
		if err != nil {
			t.Fatal(err)
		}
		want, got := []string{c.subject, c.example, c.remarks}, []string{rows[0].subject(), rows[0].example(func(name string) bool { return strings.HasSuffix(name, "PASSWORD") }), rows[0].remarks()}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got)\n%s", c.row, diff)
		}
	}
}

// The versions of rows about one image must be told apart in words.
func TestImagesPageVersions(t *testing.T) {
	rest := "\tnone\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\n"
	rows, err := readImages("b\t>=2025.02" + rest + "a\t<3.9" + rest + "b\t-" + rest + "c\t-" + rest)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range forReaders(rows) {
		got = append(got, r.names()[0]+" "+r.tags)
	}
	if diff := cmp.Diff([]string{"a before 3.9", "b 2025.02 and newer", "b older", "c all"}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
