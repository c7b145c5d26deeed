package telegram_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"reschedulebot/bot"
	faketelegram "reschedulebot/bot/bottest/telegram"
	"reschedulebot/bot/telegram"
	"reschedulebot/conversation"
)

// benchPeople is how many people the server of the benchmarks knows, and
// benchFirst the first one's id.
const benchPeople = 200

// TestMain serves a fake Telegram when it is told to: the benchmarks measure this
// side of the wire only, so the other side is a process of its own.
func TestMain(m *testing.M) {
	if os.Getenv("SERVE_FAKE_TELEGRAM") == "" {
		os.Exit(m.Run())
	}
	srv := faketelegram.New(faketelegram.Options{Brief: true})
	people := make([]*faketelegram.Person, benchPeople)
	for i := range people {
		people[i] = srv.Person("Person", "es")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go func() { _ = srv.Serve(l) }()
	_, _ = os.Stdout.WriteString("http://" + l.Addr().String() + " " + strconv.FormatInt(people[0].ID, 10) + "\n")
	// Each line says how many texts the people are to write; the end of them is
	// the end of the benchmark.
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		n, _ := strconv.Atoi(lines.Text())
		for i := range n {
			people[i%len(people)].Say("IOE0000000101")
		}
	}
}

// elsewhere starts that process. What is written to it are numbers of texts to
// be said.
func elsewhere(b *testing.B) (address string, first int64, say io.Writer) {
	b.Helper()
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), "SERVE_FAKE_TELEGRAM=1")
	in, err := c.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := c.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = in.Close()
		_ = c.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	address, id, _ := strings.Cut(strings.TrimSpace(line), " ")
	first, err = strconv.ParseInt(id, 10, 64)
	if err != nil {
		b.Fatal(err)
	}
	return address, first, in
}

// cpu is what this process has used.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkSend sends ordinary questions, 16 at a time. Its own metric is the
// processor time of one, kernel included.
func BenchmarkSend(b *testing.B) {
	address, first, _ := elsewhere(b)
	p, err := telegram.New(telegram.Config{Token: faketelegram.Token, APIURL: address})
	if err != nil {
		b.Fatal(err)
	}
	r := conversation.Reply{
		Rev: 12,
		Text: conversation.Text{
			{Spans: []conversation.Span{{Text: "Your appointment is now on "}, {Text: "Thursday, December 3, 2026", Style: conversation.Strong}, {Text: " at 10:20 in Chicago."}}},
			{Spans: []conversation.Span{{Text: "Why do you need another date?"}}},
		},
		Choices: []conversation.Choice{{Label: "I am ill", Value: "illness"}, {Label: "I travel", Value: "travel"}, {Label: "Work", Value: "work"}, {Label: "Something else", Value: "other"}},
		Private: true,
	}
	work := make(chan int)
	done := make(chan error)
	b.ReportAllocs()
	b.ResetTimer()
	before := cpu()
	for range 16 {
		go func() {
			var failed error
			for i := range work {
				m := bot.Outgoing{Kind: bot.Message, Chat: strconv.FormatInt(first+int64(i%benchPeople), 10), Reply: r, Language: "en"}
				if _, err := p.Send(context.Background(), m); err != nil {
					failed = err
				}
			}
			done <- failed
		}()
	}
	for i := range b.N {
		work <- i
	}
	close(work)
	for range 16 {
		if err := <-done; err != nil {
			b.Error(err)
		}
	}
	b.ReportMetric(float64((cpu()-before).Microseconds())/float64(b.N), "cpu-µs/op")
}

// BenchmarkReceive takes texts that wait, a hundred at a time.
func BenchmarkReceive(b *testing.B) {
	address, _, say := elsewhere(b)
	p, err := telegram.New(telegram.Config{Token: faketelegram.Token, APIURL: address})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := io.WriteString(say, strconv.Itoa(b.N)+"\n"); err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var taken atomic.Int64
	b.ReportAllocs()
	b.ResetTimer()
	before := cpu()
	err = p.Receive(ctx, func(context.Context, bot.Incoming) error {
		if taken.Add(1) == int64(b.N) {
			cancel()
		}
		return nil
	})
	if err != nil {
		b.Error(err)
	}
	b.ReportMetric(float64((cpu()-before).Microseconds())/float64(b.N), "cpu-µs/op")
}
