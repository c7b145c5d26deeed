package bottest

import (
	"bytes"
	"strings"
	"sync"
)

// A Logbook keeps what is logged, from any goroutine.
type Logbook struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *Logbook) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(b)
}

func (l *Logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// Lines counts the lines that contain a word.
func (l *Logbook) Lines(word string) int {
	n := 0
	for line := range strings.Lines(l.String()) {
		if strings.Contains(line, word) {
			n++
		}
	}
	return n
}
