package scheduling_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// The package decides from values alone. What it imports and whether it asks for
// the time can be read off its files; this keeps it so.
func TestPure(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	read := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		read++
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range file.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if reason := forbidden(path); reason != "" {
				t.Errorf("%v: imports %s: %s", set.Position(spec.Pos()), path, reason)
			}
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := s.X.(*ast.Ident); ok && x.Name == "time" && asksForTime[s.Sel.Name] {
					t.Errorf("%v: time.%s: the present is an argument", set.Position(s.Pos()), s.Sel.Name)
				}
			}
			return true
		})
	}
	if read < 10 {
		t.Errorf("only %d files were read", read)
	}
}

var asksForTime = map[string]bool{
	"Now": true, "Since": true, "Until": true, "Sleep": true, "After": true, "AfterFunc": true,
	"Tick": true, "NewTimer": true, "NewTicker": true, "Local": true,
}

func forbidden(path string) string {
	for _, p := range []string{"context", "database", "net", "os", "log", "syscall", "plugin", "math/rand", "crypto/rand", "runtime/debug"} {
		if path == p || strings.HasPrefix(path, p+"/") {
			return "this package does not touch the world"
		}
	}
	if strings.HasPrefix(path, "reschedulebot/") {
		return "this package imports none of the others"
	}
	return ""
}
