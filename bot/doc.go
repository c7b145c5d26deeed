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
package bot
