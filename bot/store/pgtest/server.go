package pgtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"time"
)

// startWait is how long a server may take until it answers.
const startWait = 30 * time.Second

var errMissing = errors.New("PostgreSQL is not installed: install it (Debian: apt install postgresql), or set PG_BIN to the directory of initdb")

// A server is a PostgreSQL of this process.
type server struct {
	dir   string // of its data and its socket
	cmd   *exec.Cmd
	log   bytes.Buffer // read once ended is closed
	ended chan struct{}
}

// start makes a new cluster and runs it. What it writes need not survive, so
// nothing is synchronised; everything else is as in earnest.
func start() (*server, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	// Not t.TempDir: another user could not enter it, and the path of a socket has
	// at most 107 bytes.
	dir, err := os.MkdirTemp("", "pg")
	if err != nil {
		return nil, err
	}
	s := &server{dir: dir, ended: make(chan struct{})}
	if err := s.boot(bin); err != nil {
		os.RemoveAll(dir)
		return nil, err
	}
	return s, nil
}

func (s *server) boot(bin string) error {
	data := filepath.Join(s.dir, "data")
	initdb, err := s.command(bin, "initdb", "-D", data, "-U", "test", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions")
	if err != nil {
		return err
	}
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	s.cmd, err = s.command(bin, "postgres", "-D", data, "-k", s.dir, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "full_page_writes=off",
		"-c", "max_connections=200", "-c", "shared_buffers=32MB", "-c", "timezone=UTC")
	if err != nil {
		return err
	}
	s.cmd.Stdout, s.cmd.Stderr = &s.log, &s.log
	if err := s.run(); err != nil {
		return err
	}
	return s.await()
}

// command is one of PostgreSQL's programs, which refuse to run as root.
func (s *server) command(bin, name string, args ...string) (*exec.Cmd, error) {
	c := exec.Command(filepath.Join(bin, name), args...)
	c.Dir = s.dir // the working directory may be closed to the other user
	c.Env = append(os.Environ(), "LC_ALL=C", "TZ=UTC", "HOME="+s.dir)
	return c, demote(c, s.dir)
}

// run starts the server from a thread that lives as long as it does, because the
// death of that thread is what ends a server whose test was killed.
func (s *server) run() error {
	started := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		err := s.cmd.Start()
		started <- err
		if err == nil {
			s.cmd.Wait()
			close(s.ended)
		}
	}()
	return <-started
}

// await waits until the server answers.
func (s *server) await() error {
	ctx, cancel := context.WithTimeout(context.Background(), startWait)
	defer cancel()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for {
		err := s.administer("SELECT 1")
		if err == nil {
			return nil
		}
		select {
		case <-again.C:
		case <-s.ended:
			return fmt.Errorf("PostgreSQL ended: %s", s.log.String())
		case <-ctx.Done():
			s.stop()
			return fmt.Errorf("PostgreSQL does not answer: %w\n%s", err, s.log.String())
		}
	}
}

// stop ends the server at once and removes what it wrote.
func (s *server) stop() {
	s.cmd.Process.Signal(quit)
	<-s.ended
	os.RemoveAll(s.dir)
}

func (s *server) address(schema string) string {
	q := url.Values{"host": {s.dir}, "user": {"test"}, "sslmode": {"disable"}, "search_path": {schema}}
	return "postgres:///postgres?" + q.Encode()
}

// binaries finds the directory of initdb and postgres.
func binaries() (string, error) {
	if dir := os.Getenv("PG_BIN"); dir != "" {
		return dir, nil
	}
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb") // Debian keeps it out of PATH
	if len(found) == 0 {
		return "", errMissing
	}
	return filepath.Dir(slices.Max(found)), nil
}
