package store

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
)

var idText = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// newID makes an id of 26 characters: the time in milliseconds, a count within
// the transaction, then 64 random bits. Ids made one after the other sort that
// way and share index pages.
func (t *Tx) newID() string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], uint64(t.now.UnixMilli())<<16|uint64(t.ids))
	rand.Read(b[8:])
	t.ids++
	return idText.EncodeToString(b[:])
}
