package conversation

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// This package decides and does nothing: no clock, no network, no disk, no log.
// What may be imported is listed, so that anything new is looked at.
func TestPure(t *testing.T) {
	allowed := map[string]bool{"cmp": true, "embed": true, "fmt": true, "reflect": true, "regexp": true, "slices": true, "strconv": true, "strings": true,
		"sync": true, "time": true, "unicode": true, "unicode/utf8": true,
		"golang.org/x/text/feature/plural": true, "golang.org/x/text/language": true, "golang.org/x/text/unicode/norm": true,
		"reschedulebot/scheduling": true}
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatal("no source", err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, data, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range f.Imports {
			if path, _ := strconv.Unquote(i.Path.Value); !allowed[path] {
				t.Errorf("%s imports %s", name, path)
			}
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if call, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := call.X.(*ast.Ident); ok && x.Name == "time" && forbiddenClock[call.Sel.Name] {
					t.Errorf("%s calls time.%s", name, call.Sel.Name)
				}
			}
			return true
		})
	}
}

var forbiddenClock = map[string]bool{"Now": true, "Since": true, "Until": true, "Sleep": true, "After": true, "AfterFunc": true, "NewTimer": true, "NewTicker": true, "Tick": true}
