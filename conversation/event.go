package conversation

// An Event is one thing that happened in a chat, as an adapter understood it.
type Event struct {
	Kind Kind   `json:"kind"`
	Text string `json:"text,omitempty"` // what was typed: valid UTF-8 without NUL; for Started the code of the link
	// Rev and Value are those of the button that was pressed.
	Rev   int    `json:"rev,omitempty"`
	Value string `json:"value,omitempty"`
	// Language is the platform's hint (an IETF tag, often missing), used until
	// the person has chosen one.
	Language string `json:"language,omitempty"`
	// Attached is the file that came with a Media event, where the platform tells.
	Attached *Attached `json:"attached,omitempty"`
}

// An Attached file is still with the platform.
type Attached struct {
	ID   string `json:"id"` // the platform's
	Name string `json:"name"`
	Size int64  `json:"size"` // bytes
}

// Kind says what sort of event it is.
type Kind string

const (
	Said    Kind = "said"    // typed text, commands included
	Started Kind = "started" // the chat was opened by a link; Text is its code, perhaps empty
	Pressed Kind = "pressed" // a button
	Edited  Kind = "edited"  // an earlier message was changed: never new input
	Media   Kind = "media"   // a photo, voice note, sticker, file, contact, place …
	Group   Kind = "group"   // a command or mention in a group: no case details there
	Asleep  Kind = "asleep"  // nobody wrote: after an outage the open question is repeated
	// Returned: nobody wrote. A person of the office has talked here, and the bot
	// goes on.
	Returned Kind = "returned"
	// Flooded: what was written last could not be read, because too much waits for its
	// answer.
	Flooded Kind = "flooded"
)
