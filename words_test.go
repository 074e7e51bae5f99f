package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// idioms are phrases that readers had to decode. Each says what to write instead.
var idioms = map[string]string{
	`\bis none\b|\bis none of\b|\bare none\b|none that`: "is not a …",
	`\bstands? (in|here|where|there)\b`:                 "is in, is here",
	`takes other arguments`:                             "requires at least 2 arguments",
	`everybody tries|protects nothing`:                  "weak or default value",
	`loss(es)? of meaning|lose its meaning`:             "settings that Swarm does not support",
	`nothing refers to`:                                 "unused",
	`gone for good|are nowhere`:                         "cannot be recovered",
	`out of plain sight`:                                "into Swarm secrets",
	`is written as|as .* is written`:                    "give an example",
	`who(ever)? (wrote|has decided|deploys|has the)`:    "name the actor",
	`the other way round`:                               "in reverse",
	`look into the way there`:                           "check VPN, proxy and firewall",
	`\bmend\b`:                                          "fix",
	`to the end of the retries`:                         "after all retries",
	`goes round`:                                        "circular reference",
	`call(ed)? (it|the variable|them) plain`:            "mark as plain",
	`no place for`:                                      "never pass a value as an argument",
	`does not let you in`:                               "denies access",
	`the time (of .* )?is over|(time|s) are over`:       "timed out",
	`in the words of`:                                   "say the words",
	`let this (one|service) try again`:                  "make the service retry",
	`\bsays it\b`:                                       "sets it",
	`not on the swarm`:                                  "leave it out",
	`\bknows no\b|\bis known, nor\b`:                    "unknown",
	`makes another text`:                                "rewrites",
	`wants (a|single) (number|quotes|login)`:            "must be, requires",
	`in the state that it is in`:                        "in its current state",
	`; take (it|one of them) out\b`:                     "remove",
	`there is no (such service|terminal to ask)`:        "no such service, no terminal",
	`that belongs? there|does not belong there`:         "has the wrong type",
	`is not reached`:                                    "cannot reach",
	`shows a certificate`:                               "has a certificate",
	`\bin clear\b`:                                      "in plaintext",
	`(?i)\bwhoever\b|\beverybody\b`:                     "anyone",
	`(?i)\bsomebody\b`:                                  "another client, another user; or the passive",
	`(?i)\bnobody\b`:                                    "no service; or the passive",
	`\bsays (more|which)\b`:                             "for details: COMMAND",
	`or no longer[;:]`:                                  "invalid or has expired",
	`done is done|done its work|come to its end`:        "succeeded, finished",
	`\bat hand\b|\bbeside\b`:                            "here; next to",
	`\bwhat it is to (have|be)\b|that is to have`:       "write the … without …",
	`if that is meant|write out what is meant`:          "if that is intended",
	`\btake (it|them) out( of)?\b`:                      "remove",
	`protect(s)?\s+nothing`:                             "weak or default value",
	`nothing needs( any ?more)?`:                        "unused",
	`that are no secrets`:                               "plain variables",
	`[Vv]ariables to call|called (plain|secret)`:        "treat as, mark as",
	`not over before|nothing is known|end well`:         "must be shorter than; unknown",
	`let(s)? (you|this address|it) in\b`:                "allows, blocks",
}

// What people read must not hold a phrase of the collected private idiom. The words of
// the output are in docs/glossary.md.
func TestTextsArePlainEnglish(t *testing.T) {
	patterns := map[*regexp.Regexp]string{}
	for pattern, instead := range idioms {
		patterns[regexp.MustCompile(pattern)] = instead
	}
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := entry.Name()
		if entry.IsDir() {
			if name == "testdata" || name == "e2e" || strings.HasSuffix(name, "test") || strings.HasPrefix(name, ".") && name != "." {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		for place, text := range literalsOf(t, path) {
			for pattern, instead := range patterns {
				if found := pattern.FindString(text); found != "" {
					t.Errorf("%s: %q: instead of %q write %s", place, text, found, instead)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// literalsOf returns the texts of several words in a Go file, by FILE:LINE.
func literalsOf(t *testing.T, path string) map[string]string {
	t.Helper()
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	ast.Inspect(file, func(node ast.Node) bool {
		literal, ok := node.(*ast.BasicLit)
		if !ok || literal.Kind != token.STRING {
			return true
		}
		if text, err := strconv.Unquote(literal.Value); err == nil && strings.Count(text, " ") > 1 {
			place := files.Position(literal.Pos())
			texts[path+":"+strconv.Itoa(place.Line)+":"+strconv.Itoa(place.Column)] = text
		}
		return true
	})
	return texts
}
