// Package conversation decides what the bot says. It is the state machine of
// every dialogue: Step takes what is remembered of a chat, what was just said
// and the facts of the moment, and answers what to remember next and what is to
// be done about it. It does nothing itself: no clock, no database, no network.
//
// Read testdata first. Each file there is one story in plain text, and together
// they are the specification; the tests play them against bare Step, through the
// database, and against the built program.
//
// Every sentence lives in words/*.txt, one file per language, so nothing in the
// code is ever shown to a person. Wording follows R38 to R41: what is now valid
// comes first, "requested" is never "confirmed", and no outcome is promised.
package conversation
