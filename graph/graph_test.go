package graph

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the pictures in testdata")

// example is a small application with every mark.
func example() Graph {
	return Graph{
		Title: "gym_ai",
		Secrets: []Secret{
			{Name: "database_url", Made: []string{"db_password"}, Services: []string{"backend"}},
			{Name: "db_password", Object: "db_password_v2", Sources: []string{".env"}, Services: []string{"backend", "postgres"}, Marks: []Mark{Old, Weak}},
			{Name: "forgotten", Object: "forgotten", Sources: []string{"vault://secret/gym-ai"}, Marks: []Mark{Unused}},
			{Name: "openai_api_key", Sources: []string{".env", "backend/.env"}, Services: []string{"backend", "worker"}, Marks: []Mark{Shared}},
		},
		Services: []Service{{Name: "backend"}, {Name: "postgres"}, {Name: "worker", Marks: []Mark{Unread}}},
	}
}

// large is an application of n services, each with a secret of its own and one of all.
func large(n int) Graph {
	g := Graph{Title: "large", Secrets: []Secret{{Name: "shared", Sources: []string{".env"}}}}
	for i := range n {
		name := fmt.Sprintf("service_with_a_rather_long_name_%02d", i)
		g.Services = append(g.Services, Service{Name: name})
		g.Secrets[0].Services = append(g.Secrets[0].Services, name)
		g.Secrets = append(g.Secrets, Secret{
			Name: fmt.Sprintf("secret_of_the_service_number_%02d_password", i), Object: fmt.Sprintf("secret_%02d_v12", i),
			Sources: []string{fmt.Sprintf("awssecrets://production/%d", i%4)}, Services: []string{name}, Marks: []Mark{Old, Weak, Shared},
		})
	}
	return g
}

// Each format must be as it was accepted.
func TestFormatsAreAsAccepted(t *testing.T) {
	for _, format := range slices.Sorted(maps.Keys(Formats)) {
		var got bytes.Buffer
		if err := Formats[format](&got, example()); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join("testdata", "example."+format)
		if *update {
			if err := os.WriteFile(path, got.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got.String()); diff != "" {
			t.Errorf("%s (-want +got)\n%s", format, diff)
		}
	}
}

// With thirty services no box may cover another one or be narrower than its text, and
// everything must be in the picture.
func TestThirtyServicesAreReadable(t *testing.T) {
	p := large(30).draw().lay()
	for i, a := range p.boxes {
		need := 2*padding + len([]rune(a.text))*letter
		for _, mark := range a.marks {
			need += badgeGap + badge(mark)
		}
		if a.width < need {
			t.Errorf("%s is %d wide, and its text %d", a.name, a.width, need)
		}
		if a.x < 0 || a.y < head || a.x+a.width > p.width || a.y+boxHeight > p.height {
			t.Errorf("%s is not in the picture", a.name)
		}
		for _, b := range p.boxes[i+1:] {
			if a.x < b.x+b.width && b.x < a.x+a.width && a.y < b.y+boxHeight && b.y < a.y+boxHeight {
				t.Errorf("%s and %s cover each other", a.name, b.name)
			}
		}
	}
	if p.width > 1600 {
		t.Errorf("the picture is %d wide", p.width)
	}
}

// Lines must cross less than in the order of the names.
func TestOrderAvoidsCrossings(t *testing.T) {
	g := Graph{Title: "x"}
	const n = 12
	for i := range n { // as far apart as can be
		service := fmt.Sprintf("s%02d", n-i)
		g.Services = append(g.Services, Service{Name: service})
		g.Secrets = append(g.Secrets, Secret{Name: fmt.Sprintf("k%02d", i), Sources: []string{"file"}, Services: []string{service}})
	}
	p := g.draw().lay()
	crossings := 0
	for i, a := range p.edges {
		for _, b := range p.edges[i+1:] {
			left, right := p.boxes[a.from].y-p.boxes[b.from].y, p.boxes[a.to].y-p.boxes[b.to].y
			if p.boxes[a.from].column == secretColumn && p.boxes[b.from].column == secretColumn && left*right < 0 {
				crossings++
			}
		}
	}
	if crossings > 0 {
		t.Errorf("%d lines cross", crossings)
	}
}

// A picture must be well-formed whatever names it has, and fetch nothing.
func TestPicturesAreWellFormedAndFetchNothing(t *testing.T) {
	hostile := `</title><script>alert("x")</script>&"'` + "\n#;"
	g := Graph{Title: hostile, Secrets: []Secret{{Name: hostile, Sources: []string{hostile}, Services: []string{hostile}, Marks: []Mark{Weak}}}, Services: []Service{{Name: hostile}}}
	for _, format := range []string{"svg", "html"} {
		var got bytes.Buffer
		if err := Formats[format](&got, g); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(got.String(), "<script>alert") {
			t.Errorf("%s: a name is taken for code", format)
		}
		text := strings.ReplaceAll(got.String(), `xmlns="http://www.w3.org/2000/svg"`, "")
		for _, fetches := range []string{"http:", "https:", "url(", "@import", "src=", "href="} {
			if strings.Contains(text, fetches) {
				t.Errorf("%s: it has %s", format, fetches)
			}
		}
		if format == "svg" {
			checkXML(t, got.Bytes())
		}
	}
	for _, format := range []string{"mermaid", "dot"} {
		var got bytes.Buffer
		if err := Formats[format](&got, g); err != nil {
			t.Fatal(err)
		}
		if lines := strings.Count(got.String(), "\n"); lines > 14 {
			t.Errorf("%s: a name breaks the line\n%s", format, got.String())
		}
	}
}

func checkXML(t *testing.T, text []byte) {
	t.Helper()
	decoder := xml.NewDecoder(bytes.NewReader(text))
	for {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
	}
}
