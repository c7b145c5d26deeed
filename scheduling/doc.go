// Package scheduling decides everything about moving a USCIS biometrics
// appointment that can be decided from values alone: what is a receipt number,
// when does an appointment start, may it be moved online, which times are free,
// is anybody at the Contact Center's phone, which reminder is due.
//
// Start reading at [Rules.Gate]: it answers whether an appointment may be moved
// online and, if not, which of the published reasons stands in the way.
//
// Three things hold throughout.
//
// Nothing here touches the world. There is no clock, file, network or log; the
// present instant is always an argument, in any location, and the machine's own
// time zone is never consulted.
//
// A wall time and the site's IANA zone are the truth about an appointment; the
// instant is derived from them ([Site.Instant]). Deadlines are elapsed time
// between instants, reminders are days of the civil calendar, and the two are
// never mixed.
//
// Identifiers print masked. Only [Receipt.Reveal] and [ANumber.Reveal] give them
// in full.
//
// The rules R1 to R50 named in comments are those of the project's domain
// reference.
package scheduling
