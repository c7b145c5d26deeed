// Package slack connects the bot to the firm's Slack workspace: it turns what
// members of staff write, press and command into bot.Incoming, and bot.Outgoing
// into calls of the Web API. It decides nothing but who is staff, and remembers
// nothing beyond what is being taken in, the people and the channel it has just
// asked Slack about, and which conversation is whose.
//
//	socket.go, http.go     a delivery arrives          → delivery.go reads it
//	                                                     (thread.go, press.go, act.go, command.go)
//	people.go              whose it is: staff of this workspace, or nothing is taken
//	intake.go              each person's deliveries in order, each until it is safe
//	answer.go, ack.go      what somebody is shown at once, and what the acknowledgement says
//	send.go, render.go     a reply goes out            → failure.go says what an error means
//	draw.go, card.go       a card is shown where it stands; page.go, form.go: pages, forms
//	room.go                the staff channel: private and the firm's own, or nothing goes there
//	api.go                 one call: time limit, no token in any error, what the wire saw
//	manifest.go            what the app may do at Slack, and what it hears
//
// A chat is a member of staff; its address is their user id, and what they ask is
// answered in their direct messages, also what a slash command in a channel asked
// for. Cards stand in the staff channel, and what concerns them is said in their
// threads; what only one person is to see, they see there.
//
// slack-go makes the calls and has the types of blocks. Its Socket Mode client is
// not used: it never acknowledges what it can't read, so that comes again for
// ever; it hides why Slack ends a connection, so a Socket Mode that was switched
// off looks like a refresh; it retries for ever what can't succeed; and it closes
// the old socket before there is a new one.
//
// Slack delivers at least once. Incoming.EventID lets the inbox drop repeats, and
// a message or a card that may have been posted before is looked for by its
// metadata.
package slack
