package conversation

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"reschedulebot/scheduling"
)

// maxWords is how long a reason in one's own words may be, in characters.
const maxWords = 500

// The reasons of 1.2 are offered in the published order, five at first. The bot
// writes down the person's own choice; it neither suggests nor rates one (R11).
func (t *turn) reasonQuestion() (Text, []choice) {
	all := scheduling.Reasons()
	from, to := 0, min(perPage, len(all))
	if t.s.Draft.Page > 0 {
		from, to = to, len(all)
	}
	var choices []choice
	for i := from; i < to; i++ {
		choices = append(choices, t.choice("reason."+string(all[i]), "r"+itoa(i)))
	}
	if t.s.Draft.Page > 0 {
		choices = append(choices, t.choice("reason.first", "less"))
	} else {
		choices = append(choices, t.choice("reason.more", "more"))
	}
	return t.w.text("reason.ask"), choices
}

func (t *turn) reasonAnswer(value string) {
	switch value {
	case "more":
		t.s.Draft.Page = 1
		t.ask(AskReason)
		return
	case "less":
		t.s.Draft.Page = 0
		t.ask(AskReason)
		return
	}
	all := scheduling.Reasons()
	if n, ok := index(value); ok && n < len(all) {
		t.reasonChosen(all[n])
		return
	}
	t.again(t.w.text("choose"))
}

// reasonSaid finds a reason that was typed but is not on this page.
func (t *turn) reasonSaid(text string) {
	var choices []choice
	for i, r := range scheduling.Reasons() {
		choices = append(choices, t.choice("reason."+string(r), "r"+itoa(i)))
	}
	if value, ok := typed(text, choices); ok && !isNumber(text) {
		t.reasonAnswer(value)
		return
	}
	t.again(t.w.text("reason.unclear"))
}

func isNumber(s string) bool { return strings.Trim(s, "0123456789 .)#") == "" }

func (t *turn) reasonChosen(r scheduling.Reason) {
	t.s.Draft.Reason, t.s.Draft.Words, t.s.Draft.Page = r, "", 0
	switch r {
	case scheduling.Other:
		t.next(AskWords)
		return
	case scheduling.NoticeLateOrMissing:
		t.do(Alarm{Kind: AlarmNotice, CaseID: t.s.Draft.CaseID})
		t.next(AskPlace, t.w.text("notice.advice"))
		return
	}
	t.next(AskPlace)
}

func (t *turn) wordsSaid(text string) {
	text = oneLine(text)
	if text == "" {
		t.again()
		return
	}
	if scheduling.ReadIdentifier(text).Kind == scheduling.NineDigits { // never kept where it wasn't asked for (R30)
		t.again(t.w.text("words.nine"))
		return
	}
	if n := utf8.RuneCountInString(text); n > maxWords {
		t.again(t.w.text("words.long", with{"n": n, "max": maxWords}))
		return
	}
	t.s.Draft.Words = text
	t.next(AskPlace)
}

// oneLine makes one line of what somebody typed: no line breaks, no invisible
// characters that would turn the text around them about.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// reasonName is the reason as it is read back.
func (t *turn) reasonName(d Draft) string {
	if d.Reason == scheduling.Other {
		return t.w.label("reason.own", with{"words": d.Words})
	}
	return t.w.label("reason." + string(d.Reason))
}
