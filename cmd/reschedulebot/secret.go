package main

import (
	"fmt"
	"log/slog"
	"os"
	"strings"
)

// secret holds a token or password. However it is printed, it does not show: a
// pointer, because fmt does not ask the methods of a field it can't reach.
type secret struct{ value *string }

func newSecret(text string) secret {
	text = strings.TrimSpace(text)
	return secret{&text}
}

const hidden = "[secret]"

func (s secret) String() string               { return hidden }
func (s secret) GoString() string             { return hidden }
func (s secret) LogValue() slog.Value         { return slog.StringValue(hidden) }
func (s secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// UnmarshalText takes the secret from a flag or a variable.
func (s *secret) UnmarshalText(b []byte) error {
	*s = newSecret(string(b))
	return nil
}

// reveal is the secret itself.
func (s secret) reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

func (s secret) empty() bool { return s.reveal() == "" }

// orFile answers the secret that was given, or the one in the file.
func (s secret) orFile(name, path string, t *trouble) secret {
	switch {
	case path == "":
		return s
	case !s.empty():
		t.add(name, "is given twice; keep %s_FILE and drop the other", name)
		return s
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.add(name+"_FILE", "%s", unread(err))
		return s
	}
	if s = newSecret(string(b)); s.empty() {
		t.add(name+"_FILE", "the file is empty; put the secret into it")
	}
	return s
}

// unread says why a file could not be read.
func unread(err error) string { return fmt.Sprintf("can't be read: %v", err) }
