package console

import (
	"bytes"
	"errors"
	"io"
	"sync"
	"testing"
	"time"

	"reschedulebot/bot"
	"reschedulebot/bot/bottest"
)

func TestConformance(t *testing.T) {
	bottest.Conformance(t, func(t *testing.T) bottest.Rig {
		in, keys := io.Pipe()
		out := &paper{}
		p := New(Config{In: in, Out: out, Now: time.Now})
		return bottest.Rig{
			Platform: p,
			People:   1,
			Address:  func(int) string { return Applicant },
			Say:      func(_ int, text string) { _, _ = io.WriteString(keys, text+"\n") },
			Last:     true,
			End:      func() { _ = keys.Close() },
			Break:    map[bot.Class]func(){bot.Fatal: out.runOut},
		}
	})
}

// paper is printed on until it runs out.
type paper struct {
	mu   sync.Mutex
	b    bytes.Buffer
	gone bool
}

func (p *paper) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.gone {
		return 0, errors.New("no more paper")
	}
	return p.b.Write(b)
}

func (p *paper) runOut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.gone = true
}
