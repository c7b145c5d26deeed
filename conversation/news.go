package conversation

import "time"

// News is something that has just happened with a card, or is about to: a line for
// its thread, which is the record.
type News struct {
	What    string        // one of the News constants
	By      Holder        // who did it; zero: the client, or nobody
	Mention []Holder      // who is to be called to it
	Unsent  int           // NewsBack, NewsClient: messages of By that had not arrived
	Left    time.Duration // NewsUrged: until the cut-off
}

// The kinds of news.
const (
	NewsFiled     = "filed"
	NewsHeld      = "held" // a request, an alarm or a talk was taken on by By
	NewsConfirmed = "confirmed"
	NewsAnother   = "another" // recorded as moved, but to another time than was wanted
	NewsRefused   = "refused"
	NewsWithdrawn = "withdrawn"
	NewsOver      = "over" // what the request was about is not in force any more
	NewsLapsed    = "lapsed"
	NewsUrged     = "urged"   // a request that nobody has decided is running out
	NewsDone      = "done"    // an alarm was acknowledged by By
	NewsAgain     = "again"   // an alarm, or a client, still waits
	NewsBack      = "back"    // a talk was handed back to the assistant by By
	NewsClient    = "client"  // a talk was ended by the client
	NewsLost      = "lost"    // what was written to the client did not arrive
	NewsMedia     = "media"   // the client has sent what can't be passed on
	NewsFlooded   = "flooded" // the client wrote more than could be passed on
)

// RequestNews is a line for the thread of a request.
func RequestNews(language string, r RequestOnDesk, n News, f Facts) Text {
	t := telling(language, f)
	values := with{"name": r.Name, "by": t.somebody(n.By.Name), "wanted": t.slotWhere(r.To),
		"appointment": t.where(t.standing(r)), "until": t.w.moment(r.LapsesAt, r.From.Site)}
	told := t.callClient(r.Client)
	if t.reachable(r.Client) {
		told = t.w.text("desk.told")
	}
	var text Text
	switch n.What {
	case NewsFiled:
		if n.By.Name == "" {
			values["by"] = t.w.label("desk.theclient")
		}
		text = t.w.text("desk.news.filed", values)
	case NewsHeld:
		text = t.w.text("desk.news.held", values)
	case NewsConfirmed:
		text = sentences(t.w.text("desk.news.confirmed", values), told)
	case NewsAnother:
		text = sentences(t.w.text("desk.news.another", values), told)
	case NewsRefused:
		values["words"] = oneLine(r.Answer)
		text = sentences(t.w.text("desk.news.refused", values), told)
	case NewsWithdrawn:
		if n.By.Name == "" {
			values["by"] = t.w.label("desk.theclient")
		}
		text = t.w.text("desk.news.withdrawn", values)
	case NewsOver:
		text = t.w.text("desk.out.over")
	case NewsLapsed:
		text = sentences(t.w.text("desk.news.lapsed", values), t.callClient(r.Client))
	default:
		text = t.urged(r, n, values)
	}
	return mention(text, n.Mention)
}

func (t *turn) urged(r RequestOnDesk, n News, values with) Text {
	values["left"] = t.w.span(max(n.Left, 0))
	values["held"] = t.w.label("desk.news.nobody")
	if r.Held.Name != "" {
		values["held"] = t.w.label("desk.news.holder", with{"by": r.Held.Name})
	}
	return t.w.text("desk.news.urged", values)
}

// sentences puts texts of one paragraph behind each other.
func sentences(texts ...Text) Text {
	var p Paragraph
	for _, text := range texts {
		for _, q := range text {
			if len(p.Spans) > 0 {
				p.Spans = append(p.Spans, Span{Text: " "})
			}
			p.Spans = append(p.Spans, q.Spans...)
		}
	}
	return Text{p}
}

// mention puts those who are to be called before the first paragraph.
func mention(text Text, people []Holder) Text {
	var spans []Span
	for _, who := range people {
		name := oneLine(who.Name)
		if name == "" {
			name = who.Person
		}
		if len(spans) > 0 {
			spans = append(spans, Span{Text: ", "})
		}
		spans = append(spans, Span{Text: name, Person: who.Person})
	}
	if len(spans) == 0 || len(text) == 0 {
		return text
	}
	text[0].Spans = append(append(spans, Span{Text: ": "}), text[0].Spans...)
	return text
}

// DecidedMeanwhile tells somebody that a request was decided before they did, by
// whom and when.
func DecidedMeanwhile(language string, r RequestOnDesk, f Facts) Text {
	return telling(language, f).decidedMeanwhile(r)
}

func (t *turn) decidedMeanwhile(r RequestOnDesk) Text {
	values := with{"name": r.Name, "by": t.somebody(r.DecidedBy), "at": t.w.office(r.DecidedAt, t.f.Office())}
	switch r.Outcome {
	case Confirmed:
		return t.w.text("desk.already.confirmed", values)
	case Refused:
		return t.w.text("desk.already.refused", values)
	case Lapsed:
		return t.w.text("desk.already.lapsed", values)
	}
	return t.w.text("desk.already.withdrawn", values)
}

// NothingToDecide tells somebody that what a request is about is not in force.
func NothingToDecide(language string, r Request) Text {
	return wordsFor(language).text("decide.nothing", with{"name": r.Name})
}

// WantedHasPassed tells somebody that USCIS can't have given a time that lies in the
// past. The buttons of the card are in the language of the desk.
func WantedHasPassed(language, desk string, r Request, f Facts) Text {
	t, card := telling(language, f), wordsFor(desk)
	return t.w.text("desk.past", with{"wanted": t.slotWhere(r.To), "another": card.label("desk.another"), "refuse": card.label("desk.refuse")})
}

// HeldBy tells somebody that a request is theirs now. r is the request as it was
// before, so that they hear who had it.
func HeldBy(language string, r RequestOnDesk) Text {
	w := wordsFor(language)
	if r.Held.Name == "" {
		return w.text("desk.yours", with{"name": r.Name})
	}
	return w.text("desk.yours.before", with{"name": r.Name, "by": r.Held.Name})
}

// NotAllowed tells somebody that their role does not include that.
func NotAllowed(language string) Text { return wordsFor(language).text("desk.notallowed") }

// Gone tells somebody that what a button was about is no longer there.
func Gone(language string) Text { return wordsFor(language).text("desk.gone") }
