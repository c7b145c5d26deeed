package scheduling

import "time"

type Center struct {
	Phone, TTY, Abroad, Military string
	Zone                         string
	Hours                        Hours
}

func (c Center) Location() *time.Location                       { return time.UTC }
func (r Rules) CenterOpen(t time.Time) bool                     { return false }
func (r Rules) CenterOpens(t time.Time) time.Time               { return t }
func (r Rules) CenterCloses(t time.Time) time.Time              { return t }
func (r Rules) CenterLive(from, to time.Time) time.Duration     { return 0 }
func (r Rules) CenterLast(from, to time.Time) (time.Time, bool) { return time.Time{}, false }
