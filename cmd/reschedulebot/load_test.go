package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"testing"
	"time"

	faketelegram "reschedulebot/bot/bottest/telegram"
	"reschedulebot/conversation"
)

// BenchmarkLoad lets people talk to the program and, in turns with it, to the
// bare bot: the same people on the same machine in the same minute. Program and
// bare bot are processes of their own, with a durable SQLite file each; the fake
// Bot API and the people are this process.
//
//	go test ./cmd/reschedulebot -run '^$' -bench Load -benchtime=1x
//
// It tells turns a second of both and their ratio, what a turn costs the
// program's processor, how long the answers took, and the program's memory after
// the load and at most. first-p99-ms is of the very first answers, when everybody
// begins at the same moment. With PROFILE=FILE in the environment the program's
// profile is written there.
func BenchmarkLoad(b *testing.B) {
	for _, size := range []struct{ people, lines, times int }{{1, 400, 4}, {32, 120, 4}, {1000, 8, 3}} {
		b.Run(fmt.Sprintf("people=%d", size.people), func(b *testing.B) {
			defer debug.SetGCPercent(debug.SetGCPercent(400)) // the fake is not what is measured
			var m measured
			for b.Loop() {
				m.compare(b, size.people, size.lines, size.times)
			}
			m.report(b)
		})
	}
}

// measured is what a load test has found out.
type measured struct {
	took, first   []time.Duration // from a line to its answer
	spent, bare   time.Duration   // talking to the program, and as much to the bare bot
	computed      time.Duration   // by the program
	resident, top float64         // of the program, MB
}

// compare has the program and the bare bot answer the same number of lines,
// taking turns.
func (m *measured) compare(b *testing.B, people, lines, times int) {
	program, bare := loaded(b, people), bareLoad(b, people)
	m.first = append(m.first, program.talk(1, "")...)
	bare.talk(1, "ok")
	program.talk(lines/4+1, "") // what is made once is made
	bare.talk(lines/4+1, "ok")
	program.spent, bare.spent = 0, 0
	computed := program.child.cpu()
	for range times {
		m.took = append(m.took, program.talk(lines, "")...)
		bare.talk(lines, "ok")
	}
	m.computed += program.child.cpu() - computed
	m.spent, m.bare = m.spent+program.spent, m.bare+bare.spent
	resident, top := program.child.memory()
	m.resident, m.top = max(m.resident, resident), max(m.top, top)
	program.child.stop()
	bare.child.kill()
}

func (m *measured) report(b *testing.B) {
	turns := float64(len(m.took))
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(turns/m.spent.Seconds(), "turns/s")
	b.ReportMetric(turns/m.bare.Seconds(), "bare-turns/s")
	b.ReportMetric(m.bare.Seconds()/m.spent.Seconds(), "ratio")
	b.ReportMetric(milliseconds(m.computed)/turns, "cpu-ms/turn")
	b.ReportMetric(milliseconds(quantile(m.took, 0.5)), "p50-ms")
	b.ReportMetric(milliseconds(quantile(m.took, 0.99)), "p99-ms")
	b.ReportMetric(milliseconds(quantile(m.first, 0.99)), "first-p99-ms")
	b.ReportMetric(m.resident, "MB")
	b.ReportMetric(m.top, "peak-MB")
}

func milliseconds(d time.Duration) float64 { return d.Seconds() * 1000 }

// A load is a crowd and the process that answers it.
type load struct {
	*crowd
	child *child
}

// loaded is the program, with a case for everybody. Where PROFILE names a file,
// the program's profile is written to it.
func loaded(b testing.TB, people int) load {
	c := newCrowd(b, people)
	book := newBookFile(b)
	book.enter(b, c.people()...)
	env := book.env(c.url, conversation.Instant)
	if file := os.Getenv("PROFILE"); file != "" {
		return load{c, startChild(b, "profiled", append(env, "PROFILE="+file), "serve")}
	}
	return load{c, startFile(b, built(b), env, "serve")}
}

// built is the program as it is given to people: the test binary is larger.
func built(b testing.TB) string {
	b.Helper()
	file := filepath.Join(b.TempDir(), "reschedulebot")
	if out, err := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", file, ".").CombinedOutput(); err != nil {
		b.Fatalf("build the program: %v\n%s", err, out)
	}
	return file
}

// bareLoad is the bare bot.
func bareLoad(b testing.TB, people int) load {
	c := newCrowd(b, people)
	return load{c, startChild(b, "bare", []string{
		"BARE_DATABASE=" + filepath.Join(b.TempDir(), "bare.db"), "BARE_API=" + c.url, "BARE_TOKEN=" + faketelegram.Token,
	})}
}

// BenchmarkStart tells how long it takes from the start of the program to its
// first poll, on a book with 1,000 cases, and its memory once it is idle.
func BenchmarkStart(b *testing.B) {
	c := newCrowd(b, 1000)
	book := newBookFile(b)
	book.enter(b, c.people()...)
	env, file := book.env(c.url, conversation.Instant), built(b)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	var started, slowest time.Duration
	var idle float64
	for b.Loop() {
		polls, described := c.server.Count("getUpdates"), c.server.Count("setMyShortDescription")
		began := time.Now()
		program := startFile(b, file, env, "serve")
		if err := c.server.WaitCalls(ctx, "getUpdates", polls+1); err != nil {
			b.Fatal(err)
		}
		took := time.Since(began)
		started, slowest = started+took, max(slowest, took)
		if err := c.server.WaitCalls(ctx, "setMyShortDescription", described+2); err != nil {
			b.Fatal(err)
		}
		resident, _ := program.memory()
		idle = max(idle, resident)
		program.stop()
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(milliseconds(started)/float64(b.N), "start-ms")
	b.ReportMetric(milliseconds(slowest), "slowest-ms")
	b.ReportMetric(idle, "idle-MB")
}
