package conversation

import "fmt"

// question writes the open question and its choices from the state alone, so
// that it can be shown again at any time, and a typed number means the same
// choice that was shown.
func (t *turn) question() (Text, []choice) {
	switch t.s.Step {
	case Menu:
		return t.menuQuestion()
	case AskReceipt:
		return t.receiptQuestion()
	case AskGuess:
		return t.guessQuestion()
	case AskReason:
		return t.reasonQuestion()
	case AskWords:
		return t.w.text("words.ask"), nil
	case AskPlace:
		return t.placeQuestion()
	case AskSite:
		return t.siteQuestion()
	case AskSlot:
		return t.slotQuestion()
	case AskDay:
		return t.dayQuestion()
	case Confirm:
		return t.confirmQuestion()
	case AskSibling:
		return t.siblingQuestion()
	case AskRestart:
		return t.w.text("restart.ask"), []choice{t.choice("restart.go", "go"), t.choice("restart.new", "new")}
	case AskRequest:
		return t.requestQuestion()
	case AskLanguage:
		return t.languageQuestion()
	case AfterCard:
		return t.cardQuestion()
	case AskMine:
		return t.mineQuestion()
	case AskFound:
		return t.foundQuestion()
	case AskLinks:
		return t.linksQuestion()
	case AskUnlink:
		return t.unlinkQuestion()
	}
	// An unknown step was written by a newer program, then an older one was
	// started again. Nothing is asked; the person can begin anew.
	t.s = Forget(t.s)
	return t.w.text("menu.hint"), nil
}

// answer takes the value of one of the choices of the open question.
func (t *turn) answer(value string) {
	switch t.s.Step {
	case Menu, AfterCard:
		t.command(value, "")
	case AskReceipt:
		t.receiptAnswer(value)
	case AskGuess:
		t.guessAnswer(value)
	case AskReason:
		t.reasonAnswer(value)
	case AskPlace:
		t.placeAnswer(value)
	case AskSite:
		t.siteAnswer(value)
	case AskSlot:
		t.slotAnswer(value)
	case AskDay:
		t.dayAnswer(value)
	case Confirm:
		t.confirmAnswer(value)
	case AskSibling:
		t.siblingAnswer(value)
	case AskRestart:
		t.restartAnswer(value)
	case AskRequest:
		t.requestAnswer(value)
	case AskLanguage:
		t.languageAnswer(value)
	case AskMine:
		t.mineAnswer(value)
	case AskFound:
		t.foundAnswer(value)
	case AskLinks:
		t.linksAnswer(value)
	case AskUnlink:
		t.unlinkAnswer(value)
	default:
		panic(fmt.Sprintf("the question %q has no answers", t.s.Step))
	}
}

// free takes typed words that are no choice of the open question.
func (t *turn) free(text string) {
	if t.otherCase(text) {
		return
	}
	switch t.s.Step {
	case AfterCard:
		t.cardSaid(text)
	case Idle, Menu, AskFound, AskLinks:
		t.freeIdle(text)
	case AskRequest:
		t.requestSaid()
	case AskReceipt, AskGuess:
		t.receiptSaid(text)
	case AskWords:
		t.wordsSaid(text)
	case AskReason:
		t.reasonSaid(text)
	case AskPlace:
		t.placeSaid(text)
	case AskSite:
		t.siteSaid(text)
	case AskSlot, AskDay:
		t.slotSaid(text)
	case Confirm:
		t.confirmSaid(text)
	case AskLanguage:
		t.languageSaid(text)
	case AskMine:
		t.mineSaid(text)
	default:
		t.again(t.w.text("choose"))
	}
}
