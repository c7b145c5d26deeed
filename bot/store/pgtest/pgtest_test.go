package pgtest_test

import (
	"database/sql"
	"os"
	"testing"

	"reschedulebot/bot/store/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// Two tests must never see each other's tables.
func TestEachTestHasItsOwnTables(t *testing.T) {
	for range 2 {
		db, err := sql.Open("pgx", pgtest.New(t))
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		if _, err := db.Exec("CREATE TABLE mine (id INTEGER)"); err != nil {
			t.Fatal(err)
		}
	}
}
