package store

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

// What staff look at finds its rows by an index too. Only a search by name reads
// all cases, from the newest back: names are sealed.
func TestEverySearchUsesAnIndex(t *testing.T) {
	s, err := Open(context.Background(), "sqlite::memory:", Options{Now: func() time.Time { return time.Unix(1_790_000_000, 0) }})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	c := s.e.(*writer).c
	known := len(c.stmts)
	err = s.Update(context.Background(), func(t *Tx) error {
		t.Coming(t.now, t.now.Add(time.Hour), 0)
		t.ComingDays(7, 0)
		t.readCaseAppointments(selectOneCase, "")
		t.Unreachable(t.now, 9)
		t.LinkState("")
		t.CaseRequests()
		t.MostUrgent(9)
		t.CaseLinks("")
		t.UnlinkCase("")
		t.SearchCases(Principal{Role: scheduling.Admin}, func(conversation.Named) bool { return true }, 9)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(c.stmts) < known+8 {
		t.Errorf("only %d statements were looked at", len(c.stmts)-known)
	}
	small := []string{"SCAN g USING INDEX chats_unreachable", "SCAN r USING INDEX requests_lapse", "SCAN r USING COVERING INDEX requests_queue", "SCAN r USING COVERING INDEX requests_lapse"}
	for query := range c.stmts {
		if !slices.ContainsFunc([]string{"SELECT", "UPDATE", "DELETE"}, func(word string) bool { return strings.HasPrefix(query, word) }) || !strings.Contains(query, "$1") {
			continue
		}
		handful := slices.ContainsFunc([]string{"g.unreachable_at", "k.linked_at", "issued_by"}, func(column string) bool { return strings.Contains(query, column) })
		for _, step := range plan(t, c, query) {
			open := slices.ContainsFunc(small, func(scan string) bool { return strings.HasPrefix(step, scan) })
			if strings.HasPrefix(step, "SCAN") && !open && step != "SCAN sites" || strings.Contains(step, "AUTOMATIC") || step == "USE TEMP B-TREE FOR ORDER BY" && !handful {
				t.Errorf("%s\n\treads too much: %s", query, step)
			}
		}
	}
}
