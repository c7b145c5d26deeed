package store

import (
	"errors"
	"slices"
)

// What is sealed may have been sealed with another key, or be damaged. Whoever asks
// for such a row gets an error; a list leaves it out and counts it, so that the others
// are still seen.

var (
	errNoReceipt = errors.New("is no receipt number")
	errNoWall    = errors.New("is no wall time")
)

// Tolerate does what only reads. False: something that it wanted can't be read, for good;
// what it has read is of no use, and the transaction goes on.
func (t *Tx) Tolerate(read func()) bool {
	if t.err != nil {
		return false
	}
	read()
	unreadable := func(err error) bool { return errors.Is(t.err, err) }
	if !slices.ContainsFunc([]error{errOtherKey, errTampered, errPlain, errNoReceipt, errNoWall}, unreadable) {
		return t.err == nil
	}
	t.err = nil
	return false
}

// Unread is how many rows the lists of this transaction have left out because they
// can't be read.
func (t *Tx) Unread() int { return t.unread }

// listed is Tolerate for a row of a list, which is counted where it is left out.
func (t *Tx) listed(read func()) bool {
	ok := t.Tolerate(read)
	if !ok && t.err == nil {
		t.unread++
	}
	return ok
}
