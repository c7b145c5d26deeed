package conversation

// NotPassedOn is why what a member of staff wrote under a card does not reach the
// client.
type NotPassedOn string

// The reasons.
const (
	TalkEnded     NotPassedOn = "ended"     // the assistant talks again
	TalkUnclaimed NotPassedOn = "unclaimed" // nobody has taken the talk yet
	TalkOfAnother NotPassedOn = "another"   // somebody else talks
	FilesStay     NotPassedOn = "files"     // only words are passed on
	EditsStay     NotPassedOn = "edits"     // the client has what was written first
	ClientGone    NotPassedOn = "gone"      // the client's chat can't be written to
	SecretStays   NotPassedOn = "secret"    // it looks like a Social Security number (R30)
)

// NotPassed tells a member of staff that the client does not read what they wrote.
// owner is who talks with the client, "" nobody; desk is the language of the card.
func NotPassed(language, desk string, why NotPassedOn, owner string) Text {
	w, card := wordsFor(language), wordsFor(desk)
	switch why {
	case TalkEnded:
		return w.text("talk.not.ended")
	case TalkUnclaimed:
		return w.text("talk.not.unclaimed", with{"answer": card.label("talk.answer")})
	case TalkOfAnother:
		return w.text("talk.not.another", with{"by": oneLine(owner), "takeover": card.label("desk.takeover")})
	case FilesStay:
		return w.text("talk.not.files")
	case EditsStay:
		return w.text("talk.not.edits")
	case SecretStays:
		return w.text("talk.not.secret")
	}
	return w.text("talk.not.gone")
}

// ClientEdits is what a client has made of an earlier message.
func ClientEdits(language string, k TalkOnDesk, words string) Text {
	return join(wordsFor(language).text("talk.edited"), ClientSays(language, k, words))
}

// returned goes on where the conversation was before a person talked.
func (t *turn) returned() {
	t.interrupt(t.w.text("talk.assistant", t.office()))
}
