package store

import (
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
)

// A sealed value begins with a byte that says how it is kept.
const (
	plainValue  = 0 // the value itself follows
	sealedValue = 1 // two bytes of key id, then nonce and ciphertext
)

// A sealer keeps personal values from everybody who has the database but not
// the key, and makes them findable again. Without keys it does neither.
type sealer struct {
	keys  *Keys
	blind []byte // key of look-ups and of the record's chain; nil without keys
}

// seal seals a value for one column of one row. It opens nowhere else, so values
// cannot be moved between people.
func (s *sealer) seal(table, column, row string, value []byte) []byte {
	if s.keys == nil {
		return append([]byte{plainValue}, value...)
	}
	out := make([]byte, 3, 3+len(value)+28)
	out[0] = sealedValue
	binary.BigEndian.PutUint16(out[1:], s.keys.current)
	var bound [96]byte
	return s.keys.seals[s.keys.current].Seal(out, nil, value, binding(bound[:0], table, column, row))
}

var (
	errOtherKey = errors.New("sealed with a key that was not given")
	errTampered = errors.New("was altered, or belongs to another row")
	errPlain    = errors.New("is not sealed though there is a key")
)

func (s *sealer) open(table, column, row string, b []byte) ([]byte, error) {
	if len(b) == 0 {
		return nil, nil
	}
	if b[0] == plainValue {
		if s.keys != nil {
			return nil, fmt.Errorf("%s.%s %w", table, column, errPlain)
		}
		return b[1:], nil
	}
	if len(b) < 3 || b[0] != sealedValue {
		return nil, fmt.Errorf("%s.%s %w", table, column, errTampered)
	}
	var aead cipher.AEAD
	if s.keys != nil {
		aead = s.keys.seals[binary.BigEndian.Uint16(b[1:])]
	}
	if aead == nil {
		return nil, fmt.Errorf("%s.%s is %w", table, column, errOtherKey)
	}
	var bound [96]byte
	value, err := aead.Open(nil, nil, b[3:], binding(bound[:0], table, column, row))
	if err != nil {
		return nil, fmt.Errorf("%s.%s %w", table, column, errTampered)
	}
	return value, nil
}

// look makes the look-up key of a value: equal values have equal keys, and
// without the key of the store nobody can try a guess.
func (s *sealer) look(table, column, value string) []byte {
	return s.mac(table+"."+column, value)[:16]
}

func (s *sealer) mac(purpose, value string) []byte {
	h := hmac.New(sha256.New, s.blind)
	h.Write(binding(nil, purpose, value))
	return h.Sum(nil)
}

// binding writes parts so that no two lists of parts read the same.
func binding(b []byte, parts ...string) []byte {
	for _, p := range parts {
		b = binary.BigEndian.AppendUint32(b, uint32(len(p)))
		b = append(b, p...)
	}
	return b
}

// sealText is seal for a text; "" is stored as NULL.
func (t *Tx) sealText(table, column, row, value string) any {
	if value == "" {
		return nil
	}
	return t.s.sealer.seal(table, column, row, []byte(value))
}

// openText opens a sealed text; NULL is "".
func (t *Tx) openText(table, column, row string, b []byte) string {
	value, err := t.s.sealer.open(table, column, row, b)
	if err != nil {
		t.Fail(fmt.Errorf("store: %w", err))
	}
	return string(value)
}
