package store

import (
	"embed"
	"io"
	"io/fs"
	"strings"

	"github.com/pressly/goose/v3"
)

// A dialect is everything in which the two engines differ.
type dialect struct {
	name    string
	goose   goose.Dialect
	words   *strings.Replacer // the words of the migrations that are not SQL
	skip    string            // ends a SELECT that claims rows: not those that another claimer has
	version string            // answers the engine's version
	clock   string            // answers its machine's time in Unix milliseconds; "": it is this machine
}

var (
	sqliteDialect = dialect{
		name:    "sqlite",
		goose:   goose.DialectSQLite3,
		words:   strings.NewReplacer("SEALED_T", "BLOB"),
		version: "SELECT sqlite_version()",
	}
	postgresDialect = dialect{
		name:    "postgres",
		goose:   goose.DialectPostgres,
		words:   strings.NewReplacer("SEALED_T", "BYTEA"),
		skip:    " FOR UPDATE OF o SKIP LOCKED",
		version: "SHOW server_version",
		clock:   "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)",
	}
)

// numbered turns $1 into ?1 outside quotes and comments. SQLite takes $1 for a
// name and would bind arguments in the order in which names first appear.
//
// COLLATE BINARY is what texts are compared by anyway. It keeps the planner from
// asking what is bound: a statement whose plan could depend on that is compiled
// anew each time it is used, which costs more than running it.
func numbered(query string) string {
	var b strings.Builder
	b.Grow(len(query))
	for i := 0; i < len(query); i++ {
		switch c := query[i]; {
		case c == '\'' || c == '"':
			j := i + 1
			for j < len(query) && query[j] != c {
				j++
			}
			b.WriteString(query[i:min(j+1, len(query))])
			i = j
		case c == '-' && strings.HasPrefix(query[i:], "--"):
			end := strings.IndexByte(query[i:], '\n')
			if end < 0 {
				return b.String()
			}
			b.WriteByte('\n')
			i += end
		case c == '$' && i+1 < len(query) && query[i+1] >= '1' && query[i+1] <= '9':
			j := i + 2
			for j < len(query) && query[j] >= '0' && query[j] <= '9' {
				j++
			}
			b.WriteString("?" + query[i+1:j] + " COLLATE BINARY")
			i = j - 1
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migrations are the files of one engine: SEALED_T replaced.
type migrations struct{ words *strings.Replacer }

func (m migrations) Open(name string) (fs.File, error) {
	f, err := migrationFiles.Open("migrations/" + name)
	if name == "." {
		f, err = migrationFiles.Open("migrations")
	}
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil || info.IsDir() {
		return f, err
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	if err != nil {
		return nil, err
	}
	return migration{strings.NewReader(m.words.Replace(string(text))), info}, nil
}

type migration struct {
	*strings.Reader
	info fs.FileInfo
}

func (m migration) Stat() (fs.FileInfo, error) { return m.info, nil }
func (m migration) Close() error               { return nil }
