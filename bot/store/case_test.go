package store_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"time"

	"reschedulebot/bot/store"
	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

var wholeCase = store.CaseRecord{
	Case:      conversation.Case{Receipt: receipt(101), Form: "I-485", Household: "H1", G28: true},
	FirstName: "Canary-Ana", LastName: "Canary-Ñandú", ANumber: "A099999999", Phone: "canary-555", Email: "canary@example.com",
	Attorney: "Canary-Esq", Notes: "canary notes", Language: "es", Matter: "M-1",
}

func TestCaseIsReadAsItWasWritten(t *testing.T) {
	onEach(t, func(b *book) {
		var put store.CaseRecord
		b.do(func(t *store.Tx) { put = t.PutCase(wholeCase) })
		b.reopen()
		want := wholeCase
		want.ID, want.CreatedAt, want.UpdatedAt = put.ID, opened, opened
		b.see(func(t *store.Tx) {
			for how, get := range map[string]func() (store.CaseRecord, bool){
				"id":      func() (store.CaseRecord, bool) { return t.CaseByID(store.System(), put.ID) },
				"receipt": func() (store.CaseRecord, bool) { return t.CaseByReceipt(store.System(), receipt(101)) },
			} {
				if got, ok := get(); !ok || !reflect.DeepEqual(got, want) {
					b.Errorf("by %s: got %#v %v, want another", how, got, ok)
				}
			}
		})
		b.clock.forward(time.Hour)
		b.do(func(t *store.Tx) {
			want.Phone, want.Notes = "", "less"
			t.PutCase(want)
		})
		want.UpdatedAt = opened.Add(time.Hour)
		b.see(func(t *store.Tx) {
			if got, _ := t.CaseByID(store.System(), put.ID); !reflect.DeepEqual(got, want) {
				b.Error("a changed case is not read as it was written")
			}
			n := 0
			t.EachCase(func(c store.CaseRecord) { n++ })
			equal(b, "cases", n, 1)
		})
	})
}

func TestOneReceiptIsOneCase(t *testing.T) {
	onEach(t, func(b *book) {
		b.client(101, "XCH", "2026-12-11 10:00")
		if err := b.Update(b.Context(), func(t *store.Tx) error { t.PutCase(wholeCase); return nil }); err == nil {
			b.Error("a receipt has two cases")
		}
	})
}

// A chat sees the cases it is linked to and nothing of the others.
func TestWhoMaySeeACase(t *testing.T) {
	onBoth(t, func(b *book) {
		mine, _ := b.client(101, "XCH", "2026-12-11 10:00")
		other, _ := b.client(102, "XCH", "2026-12-11 10:20")
		c := b.linked("4711", mine.ID)
		stranger := b.chat("4712")
		for _, row := range []struct {
			who         string
			asks        store.Principal
			mine, other bool
		}{
			{"the system", store.System(), true, true},
			{"a paralegal", store.Principal{Role: scheduling.Paralegal, Name: "P"}, true, true},
			{"a representative", store.Principal{Role: scheduling.Representative, Name: "R"}, true, true},
			{"an admin", store.Principal{Role: scheduling.Admin, Name: "A"}, true, true},
			{"the linked chat", store.Principal{Role: scheduling.Applicant, ChatID: c.ID}, true, false},
			{"a stranger's chat", store.Principal{Role: scheduling.Applicant, ChatID: stranger.ID}, false, false},
			{"an applicant without a chat", store.Principal{Role: scheduling.Applicant}, false, false},
			{"nobody", store.Principal{}, false, false},
			{"an unknown role", store.Principal{Role: "boss", ChatID: stranger.ID}, false, false},
		} {
			b.see(func(t *store.Tx) {
				_, byID := t.CaseByID(row.asks, mine.ID)
				_, byReceipt := t.CaseByReceipt(row.asks, receipt(101))
				equal(b, row.who+" sees the first by id", byID, row.mine)
				equal(b, row.who+" sees the first by receipt", byReceipt, row.mine)
				_, byID = t.CaseByID(row.asks, other.ID)
				_, byReceipt = t.CaseByReceipt(row.asks, receipt(102))
				equal(b, row.who+" sees the second by id", byID, row.other)
				equal(b, row.who+" sees the second by receipt", byReceipt, row.other)
				_, none := t.CaseByReceipt(row.asks, receipt(999))
				equal(b, row.who+" sees one that is not there", none, false)
			})
		}
	})
}

// printed is how values come out of every way of printing them.
func printed(values ...any) []string {
	var out []string
	for _, v := range values {
		out = append(out, fmt.Sprint(v), fmt.Sprintf("%v", v), fmt.Sprintf("%+v", v), fmt.Sprintf("%#v", v), fmt.Sprintf("%s", v))
		var b bytes.Buffer
		slog.New(slog.NewTextHandler(&b, nil)).Info("m", "v", v)
		out = append(out, b.String())
	}
	return out
}

func TestWhatIsPrintedIsNotPersonal(t *testing.T) {
	r := store.RequestRecord{Request: conversation.Request{ID: "x", Name: "R1", Receipt: receipt(101), Words: "canary"}, Answer: "canary"}
	l := store.Letter{ID: "x", Address: "canary", Answer: "canary",
		Reply: conversation.Reply{Text: conversation.Text{{Spans: []conversation.Span{{Text: "canary"}}}}}}
	a := store.AppointmentRecord{Case: wholeCase, Appointment: scheduling.Appointment{Receipt: receipt(101)}}
	for _, s := range printed(wholeCase, r, l, &wholeCase, &r, &l, a, &a, []store.CaseRecord{wholeCase}, keys(t, keyText)) {
		if strings.Contains(strings.ToLower(s), "canary") || strings.Contains(s, "0000000101") || strings.Contains(s, "99999999") || strings.Contains(s, "ccddeeff") {
			t.Errorf("%s is personal", s)
		}
	}
}
