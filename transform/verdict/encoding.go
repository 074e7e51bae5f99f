package verdict

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"html"
	"net/url"
	"strings"

	"github.com/docker-secrets/docker-secrets/secret"
)

// Encoding is another form in which a value can be written.
type Encoding struct {
	Name string // "percent", "base64", "hex", "json", "shell", "compose", "xml"
	Text secret.Value
}

// minEncoded is the least length in bytes of an encoded text that is searched for, if it
// has nothing of the value's own text: a shorter one is found by chance.
const minEncoded = 8

// Encodings returns the forms of v that differ from v and from each other, in a fixed
// order: percent, base64 (whole, and what is the same for each of the three places
// that v can begin at in a longer text), hex, and the escapes of JSON, YAML's double
// quotes, shells, Compose and XML.
//
// It cannot know what a hash (htpasswd, SHA) or encryption made of v, nor base64 that
// is cut into lines.
func Encodings(v secret.Value) []Encoding {
	text := v.Reveal()
	seen := map[string]bool{text: true, "": true}
	var found []Encoding
	for _, e := range encoders {
		for _, form := range e.forms(text) {
			if !seen[form] && len(form) >= e.atLeast {
				seen[form] = true
				found = append(found, Encoding{Name: e.name, Text: secret.NewValue(form)})
			}
		}
	}
	return found
}

//nolint:gochecknoglobals // a table, never written
var encoders = []struct {
	name    string
	atLeast int // bytes of a form
	forms   func(text string) []string
}{
	{"percent", 0, percentForms},
	{"base64", minEncoded, base64Forms},
	{"hex", minEncoded, hexForms},
	{"json", 0, jsonForms},
	{"shell", 0, shellForms},
	{"compose", 0, func(text string) []string { return []string{strings.ReplaceAll(text, "$", "$$")} }},
	{"xml", 0, xmlForms},
}

// percentForms returns the forms of text in a query, in a path and as a user's password,
// with the hex digits in both cases.
func percentForms(text string) []string {
	query := url.QueryEscape(text)
	_, user, _ := strings.Cut(url.UserPassword("", text).String(), ":")
	path := url.PathEscape(text)
	forms := []string{query, strings.ReplaceAll(query, "+", "%20"), path, strings.ReplaceAll(path, "%2F", "/"), user}
	forms = append(forms, strings.ReplaceAll(forms[1], "%2F", "/")) // as Python and sed scripts escape
	for _, form := range forms {
		forms = append(forms, lowerEscapes(form))
	}
	return forms
}

// lowerEscapes writes %2F as %2f.
func lowerEscapes(text string) string {
	out := []byte(text)
	for i := 0; i+2 < len(out); i++ {
		if out[i] == '%' {
			copy(out[i+1:i+3], strings.ToLower(text[i+1:i+3]))
			i += 2
		}
	}
	return string(out)
}

func base64Forms(text string) []string {
	var forms []string
	for _, coding := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding} {
		forms = append(forms, coding.EncodeToString([]byte(text)))
		for shift := range 3 {
			forms = append(forms, aligned(coding, text, shift))
		}
	}
	return forms
}

// aligned returns those characters of the base64 of a longer text that depend on text
// alone, if text begins shift bytes after a group of three.
func aligned(coding *base64.Encoding, text string, shift int) string {
	encoded := coding.WithPadding(base64.NoPadding).EncodeToString([]byte(strings.Repeat("\x00", shift) + text))
	first := (shift*8 + 5) / 6
	last := (shift + len(text)) * 8 / 6
	if last <= first {
		return ""
	}
	return encoded[first:last]
}

func hexForms(text string) []string {
	lower := hex.EncodeToString([]byte(text))
	return []string{lower, strings.ToUpper(lower)}
}

// jsonForms returns text as between the quotes of JSON, with and without the escapes that
// JSON does not require.
func jsonForms(text string) []string {
	quoted, err := json.Marshal(text)
	if err != nil {
		return nil
	}
	full := string(quoted[1 : len(quoted)-1])
	short := shortJSON.Replace(full)
	return []string{full, short, strings.ReplaceAll(short, "/", `\/`), strings.ReplaceAll(short, `\`, `\\`)}
}

// shellForms returns text as between single quotes, as between double quotes, and as
// without quotes.
func shellForms(text string) []string {
	bare := bareEscapes.Replace(text)
	return []string{
		strings.ReplaceAll(text, `'`, `'\''`), strings.ReplaceAll(text, `'`, `'"'"'`),
		doubleQuoted.Replace(text),
		bare, strings.ReplaceAll(text, `'`, `''`),
	}
}

//nolint:gochecknoglobals // tables, never written
var (
	shortJSON    = strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&")
	doubleQuoted = strings.NewReplacer(`\`, `\\`, `"`, `\"`, `$`, `\$`, "`", "\\`")
	namedXML     = strings.NewReplacer("&#34;", "&quot;", "&#39;", "&apos;")
	bareXML      = strings.NewReplacer("&#34;", `"`, "&#39;", "'")
)

//nolint:gochecknoglobals // a table, never written
var bareEscapes = func() *strings.Replacer {
	var pairs []string
	for _, special := range " \t!\"#$&'()*;<=>?[\\]^`{|}~" {
		pairs = append(pairs, string(special), `\`+string(special))
	}
	return strings.NewReplacer(pairs...)
}()

func xmlForms(text string) []string {
	numbered := html.EscapeString(text)
	return []string{numbered, namedXML.Replace(numbered), bareXML.Replace(numbered)}
}
