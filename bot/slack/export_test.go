package slack

import (
	"maps"
	"slices"

	"reschedulebot/bot"
)

// Routes are the names of all that the adapter hears, from its own tables.
func Routes() []string {
	var all []string
	add := func(kind string, names []string) {
		for _, n := range names {
			all = append(all, kind+n)
		}
	}
	add("event:", slices.Collect(maps.Keys(eventRoutes())))
	add("message:", slices.Collect(maps.Keys(messageRoutes())))
	add("thread:", slices.Collect(maps.Keys(threadRoutes())))
	add("interaction:", slices.Collect(maps.Keys(interactionRoutes())))
	add("press:", slices.Collect(maps.Keys(pressRoutes())))
	add("command:", slices.Collect(maps.Keys(commandRoutes())))
	slices.Sort(all)
	return all
}

// Methods are all that the adapter may call, with the scopes they need.
func Methods() map[string]string {
	all := map[string]string{}
	for m, scope := range methods(true) {
		all[string(m)] = scope
	}
	return all
}

// Room is the staff channel for Reads.
const Room = "C0ROOM"

// Reads answers what a delivery is taken as, for fuzzing.
func Reads(kind string, payload []byte) (in bot.Incoming, takes bool) {
	d := readDelivery(kind, payload, Room)
	return d.in, d.takes
}

// ReadsFrame answers what a frame of a socket is.
func ReadsFrame(frame []byte) (kind string, payload []byte) {
	e := readEnvelope(frame)
	return e.Type, e.Payload
}

// What people send is read by these.
var (
	Typed = typed
)
