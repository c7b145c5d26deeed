package conversation

// alarmWords says what an alarm is and what to do about it. The kinds are those of
// this package and of the bot; one that is not known gets a sentence that is true
// of all.
func (t *turn) alarmWords(a AlarmOnDesk) alarmWords {
	w := t.w
	switch a.Kind {
	case AlarmPerson:
		return alarmWords{w.label("alarm.person"), w.text("alarm.person.do"), true}
	case AlarmGap:
		return alarmWords{w.label("alarm.gap"), w.text("alarm.gap.do"), true}
	case AlarmLate:
		return alarmWords{w.label("alarm.late"), w.text("alarm.late.do"), true}
	case AlarmNotMe:
		return alarmWords{w.label("alarm.notme"), w.text("alarm.notme.do"), false}
	case AlarmScam:
		return alarmWords{w.label("alarm.scam"), w.text("alarm.scam.do"), true}
	case AlarmMargin:
		return alarmWords{w.label("alarm.margin"), w.text("alarm.margin.do"), true}
	case AlarmSecond:
		return alarmWords{w.label("alarm.second"), w.text("alarm.second.do"), true}
	case AlarmNotice:
		return alarmWords{w.label("alarm.notice"), w.text("alarm.notice.do"), false}
	case AlarmSSN:
		return alarmWords{w.label("alarm.ssn"), w.text("alarm.ssn.do"), false}
	case AlarmDisabled:
		return alarmWords{w.label("alarm.disabled"), w.text("alarm.disabled.do", with{"center": t.f.Rules().Center.Phone}), true}
	}
	return t.botsAlarm(a.Kind)
}

// botsAlarm is for the kinds that the bot raises by itself; their names are in its
// package.
func (t *turn) botsAlarm(kind string) alarmWords {
	w := t.w
	switch kind {
	case "quarantine":
		return alarmWords{w.label("alarm.quarantine"), w.text("alarm.quarantine.do"), true}
	case "unreachable":
		return alarmWords{w.label("alarm.unreachable"), w.text("alarm.unreachable.do"), true}
	case "unsent":
		return alarmWords{w.label("alarm.unsent"), w.text("alarm.unsent.do"), true}
	case "request_lapsed":
		return alarmWords{w.label("alarm.lapsed"), w.text("alarm.lapsed.do"), true}
	case "reminder_failed":
		return alarmWords{w.label("alarm.reminder"), w.text("alarm.reminder.do"), true}
	case "reminder_missed":
		return alarmWords{w.label("alarm.missed"), w.text("alarm.missed.do"), true}
	case "poller_conflict":
		return alarmWords{w.label("alarm.poller"), w.text("alarm.poller.do"), false}
	case "platform_lost":
		return alarmWords{w.label("alarm.lost"), w.text("alarm.lost.do"), false}
	}
	return alarmWords{w.label("alarm.other"), w.text("alarm.other.do"), false}
}
