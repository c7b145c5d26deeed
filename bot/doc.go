// Package bot does what conversation decides: it takes in one event in one
// transaction, delivers what was written, and wakes up for reminders.
//
//	platform ──update──▶ Platform.Receive            one person's events stay in order
//	                       │ Incoming
//	                       ▼
//	                     Bot.Take ── one transaction ──────────────────────────┐
//	                       │ inbox: seen before? → done, say nothing again     │
//	                       │ load the chat's state                             │
//	                       │ conversation.Step(state, event, facts)   ◀ pure   │
//	                       │ save the state; effects → rows (apply.go)         │
//	                       └── commit ──────────────────────────────────────────┘
//	                       │ nil: only now is the event confirmed
//	                       ▼
//	                     deliver: the first unsent row of each chat → Platform.Send → closed
//
// A reminder takes the lower half only: scan → outbox row → deliver.
//
// The desk of staff is a second way in and out. An Act (act.go) is what one of them
// did with a card, a form or a page; it is taken like any event, but what it does is
// done here, in requestact.go, alarm.go, talk.go and form.go, and what they see at
// once comes back in the Answer. What they see from then on is drawn (draw.go): a
// letter only says that a card is to be drawn anew, and it is read from the database
// when the letter leaves. What is said under a card is its record.
package bot
