package conversation

import "reschedulebot/scheduling"

// Registration says what registering an appointment did to the book.
type Registration string

// What it can have done.
const (
	Created   Registration = "created"
	Updated   Registration = "updated"
	Unchanged Registration = "unchanged"
)

// Registered tells a member of staff what is on file now. What clients are told is
// told to them.
func Registered(language string, did Registration, r scheduling.Receipt, s scheduling.Site, at scheduling.Wall, f Facts) Text {
	t := telling(language, f)
	start, err := s.Instant(at)
	appointment := t.w.where(start, s)
	if err != nil { // nothing that was registered
		appointment = t.w.short(at)
	}
	values := with{"case": r.String(), "appointment": appointment}
	var said Text
	switch did {
	case Created:
		said = t.w.text("registered.created", values)
	case Updated:
		said = t.w.text("registered.updated", values)
	default:
		said = t.w.text("registered.unchanged", values)
	}
	return join(said, Unusual(language, s, at, f))
}

// Unusual asks a member of staff to look at the notice again where a time that they
// put on file is an unusual one; else it is nil.
func Unusual(language string, s scheduling.Site, at scheduling.Wall, f Facts) Text {
	w := wordsFor(language)
	switch f.Rules().Unusual(s, at, f.Now()) {
	case scheduling.UsuallyClosed:
		return w.text("unusual.closed", with{"site": s.Name()})
	case scheduling.FarAhead:
		return w.text("unusual.far")
	}
	return nil
}

// FetchFailed tells a member of staff that a file they shared could not be had.
func FetchFailed(language string) Reply { return Reply{Text: wordsFor(language).text("fetch.failed")} }

// ImportFailed tells a member of staff that a file they shared was not imported to its
// end, and that some of it may be on file.
func ImportFailed(language string) Reply {
	return Reply{Text: wordsFor(language).text("import.failed")}
}

// AcknowledgedMeanwhile tells a member of staff that an alarm was acknowledged
// before they did, by whom and when.
func AcknowledgedMeanwhile(language string, a AlarmOnDesk, f Facts) Text {
	t := telling(language, f)
	return t.w.text("alarm.already", with{"by": t.somebody(a.Done.Name), "at": t.w.office(a.Done.At, f.Office())})
}
