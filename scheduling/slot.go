package scheduling

import "time"

type Slot struct {
	Site  string
	Local Wall
	Start time.Time
	Free  int
}
type Taken func(site string, from, to time.Time) map[int64]int

type Part string

const (
	AnyPart   Part = ""
	Morning   Part = "morning"
	Afternoon Part = "afternoon"
)

type Query struct {
	From, To  Date
	Near      Wall
	OnePerDay bool
	Part      Part
	Limit     int
	Except    Wall
}

func (r Rules) Openings(s Site, q Query, now time.Time, taken Taken) []Slot { return nil }
