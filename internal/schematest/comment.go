package schematest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"strings"
)

const module = "github.com/docker-secrets/docker-secrets/"

// commentsOf returns the comments of fields in the package of t, by Type.Field.
func (r *reflector) commentsOf(t reflect.Type) (map[string]string, error) {
	folder := filepath.Join(r.root, filepath.FromSlash(strings.TrimPrefix(t.PkgPath(), module)))
	if comments, ok := r.comments[folder]; ok {
		return comments, nil
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		return nil, err
	}
	comments := map[string]string{}
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		for node := range ast.Preorder(parsed) {
			if spec, ok := node.(*ast.TypeSpec); ok {
				noteFields(comments, spec)
			}
		}
	}
	r.comments[folder] = comments
	return comments, nil
}

func noteFields(comments map[string]string, spec *ast.TypeSpec) {
	structure, ok := spec.Type.(*ast.StructType)
	if !ok {
		return
	}
	for _, field := range structure.Fields.List {
		text := strings.TrimSpace(field.Doc.Text() + field.Comment.Text())
		for _, name := range field.Names {
			comments[spec.Name.Name+"."+name.Name] = strings.ReplaceAll(text, "\n", " ")
		}
	}
}
