package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestNoAdviceOverwritesAKey: a key that is gone is the clients' data that is gone.
// Whoever has one is not told to make one, and the command that makes one, here and
// in the README, leaves a file that is there as it is.
func TestNoAdviceOverwritesAKey(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "data.key")
	for _, test := range []struct {
		held string
		mode os.FileMode
	}{{"1 " + strings.Repeat("ab", 32) + "\n", 0o644}, {"1 abab\n", 0o600}, {"", 0o600}} {
		os.Remove(path)
		if err := os.WriteFile(path, []byte(test.held), test.mode); err != nil {
			t.Fatal(err)
		}
		for _, command := range []string{"serve", "doctor", "export audit"} {
			r := program(t, []string{"DATA_KEY_FILE=" + path}, "", strings.Fields(command)...)
			if said := r.stdout + r.stderr; !strings.Contains(said, path) || strings.Contains(said, "openssl") {
				t.Errorf("%s, key file %q: it says\n%s", command, test.held, said)
			}
		}
	}

	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	makes := regexp.MustCompile(`\(umask.*> data\.key\)`)
	for _, text := range []string{string(readme), program(t, nil, "", "serve").stderr, program(t, []string{"DATA_KEY_FILE=" + path + "2"}, "", "serve").stderr} {
		command := makes.FindString(text)
		if err := os.WriteFile(path, []byte("the key"), 0o600); err != nil {
			t.Fatal(err)
		}
		shell := exec.Command("sh", "-c", command)
		shell.Dir = dir
		if _, err := exec.LookPath("sh"); err == nil && (command == "" || shell.Run() == nil) {
			t.Errorf("%q overwrites a key file", command)
		}
		if b, err := os.ReadFile(path); string(b) != "the key" {
			t.Errorf("after %q the key file holds %d bytes, %v", command, len(b), err)
		}
	}
}
