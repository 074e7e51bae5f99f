package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

// textsOf returns the text of each line of a picture, and fails if it is no XML.
func textsOf(t *testing.T, picture []byte) []string {
	t.Helper()
	decoder := xml.NewDecoder(bytes.NewReader(picture))
	var texts []string
	inside := false
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return texts
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			if token.Name.Local == "text" {
				inside = true
				texts = append(texts, "")
			}
		case xml.EndElement:
			inside = inside && token.Name.Local != "text"
		case xml.CharData:
			if inside {
				texts[len(texts)-1] += string(token)
			}
		}
	}
}

func TestDrawKeepsEveryLine(t *testing.T) {
	// Each line of the session must be in the picture with all its characters.
	session := "$ cat <a> && b\n# a \"comment\"\nwrote x.yml\n\n$ next\n"
	texts := textsOf(t, draw(session))
	if got := strings.Join(texts, "\n") + "\n"; got != session {
		t.Errorf("the picture has:\n%s\nwant:\n%s", got, session)
	}
}

func TestDrawIsWideEnough(t *testing.T) {
	// A long line must make the picture wider, so that nothing is cut.
	narrow, wide := draw("a"), draw(strings.Repeat("a", 200))
	if bytes.Equal(narrow[:120], wide[:120]) {
		t.Errorf("both begin with %s", narrow[:120])
	}
}
