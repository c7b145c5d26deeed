package conversation_test

import (
	"fmt"
	"regexp"

	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

// claim is what a reply says of an appointment that somebody is to go to.
var claim = regexp.MustCompile(`(?:On file and valid|still stands|on file stands|has not changed|On file now|It is still on|where it is|Appointment on file)[:*\s]*` +
	`([A-Z][a-z]{2} [A-Z][a-z]{2} \d+, \d{4}, \d+:\d\d [AP]M)`)

// trueReply tells of a reply that calls an appointment valid which is not in force,
// or has passed.
func trueReply(r conversation.Reply, f facts) error {
	for _, m := range claim.FindAllStringSubmatch(r.Text.Plain(), -1) {
		if !f.inForce(m[1]) {
			return fmt.Errorf("nothing is in force at that time: %s", m[0])
		}
	}
	return nil
}

// inForce tells whether an appointment is in force at a time, as replies write it.
func (f facts) inForce(moment string) bool {
	for _, file := range f.files {
		a := file.Appointment
		if a != nil && a.Status == scheduling.Scheduled && a.Start.After(f.Now()) &&
			a.Start.In(a.Site.Location()).Format("Mon Jan 2, 2006, 3:04 PM") == moment {
			return true
		}
	}
	return false
}
