package conversation

// PersonComes answers a client who has asked for a person: the office is open, or
// when somebody is back.
func PersonComes(language string, f Facts) Reply {
	t := telling(language, f)
	return Reply{Text: t.personComes()}
}

// AssistantBack tells a client that the assistant answers again.
func AssistantBack(language string, f Facts) Reply {
	t := telling(language, f)
	return Reply{Text: t.w.text("talk.assistant", t.office())}
}
