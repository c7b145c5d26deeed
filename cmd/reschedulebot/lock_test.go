package main

import (
	"os"
	"path/filepath"
	"testing"
)

// A link may be there before the database is, as beside a volume that was just
// mounted: the first serve makes the file, and the lock must be the one that all find
// afterwards.
func TestLockOfAFileThatIsStillToBeMade(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	link, file := filepath.Join(dir, "link.db"), filepath.Join(dir, "volume", "book.db")
	if err := os.Mkdir(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join("volume", "book.db"), link); err != nil {
		t.Skip(err)
	}
	unlock, err := lockDatabase("sqlite:" + link)
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{file, link} {
		if again, err := lockDatabase("sqlite:" + name); err == nil {
			again()
			t.Errorf("%s was locked twice", name)
		}
	}
}
