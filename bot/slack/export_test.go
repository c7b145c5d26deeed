package slack

import (
	"maps"
	"slices"

	"reschedulebot/bot"
)

// Routes are the names of all that the adapter hears, from its own tables.
func Routes() []string {
	var all []string
	for kind := range messageRoutes() {
		all = append(all, "message:"+kind)
	}
	for kind := range interactionRoutes() {
		all = append(all, "press:"+kind)
	}
	for word := range commandRoutes() {
		all = append(all, "command:"+word)
	}
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

// Subscriptions are the events that it hears.
func Subscriptions() []string { return slices.Sorted(maps.Keys(subscriptions())) }

// Reads answers what a delivery is taken as, for fuzzing.
func Reads(kind string, payload []byte) (in bot.Incoming, takes bool) {
	d := readDelivery(kind, payload)
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
