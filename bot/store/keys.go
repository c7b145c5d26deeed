package store

import (
	"bufio"
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// Keys are the keys that seal personal data. A key file has one key a line, its
// number (1 to 65535) and 64 hexadecimal digits:
//
//	# made 2026-12-01
//	1 5f0c…
//	2 a31b…
//
// The last one seals; all of them open. To change keys, add a line and restart;
// a key must stay in the file while anything sealed with it is kept, and the key
// a database was made with must stay for good, because look-ups are made with it.
type Keys struct {
	current uint16
	seals   map[uint16]cipher.AEAD
	blinds  map[uint16][]byte
}

// ReadKeys reads a key file and refuses one that others than its owner can read.
func ReadKeys(path string) (*Keys, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("read the key file: %w", err)
	}
	if info.IsDir() {
		return nil, fmt.Errorf("the key file %s is a folder", path)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 && runtime.GOOS != "windows" { // there it says nothing of others
		return nil, fmt.Errorf("others can read the key file %s (mode %04o): run chmod 600 on it", path, mode)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the key file: %w", err)
	}
	k, err := ParseKeys(text)
	if err != nil {
		return nil, fmt.Errorf("key file %s: %w", path, err)
	}
	return k, nil
}

// ParseKeys reads the text of a key file.
func ParseKeys(text []byte) (*Keys, error) {
	k := &Keys{seals: map[uint16]cipher.AEAD{}, blinds: map[uint16][]byte{}}
	lines := bufio.NewScanner(bytes.NewReader(text))
	for n := 1; lines.Scan(); n++ {
		line, _, _ := strings.Cut(lines.Text(), "#")
		fields := strings.Fields(line)
		if len(fields) == 0 {
			continue
		}
		if err := k.add(fields); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	if k.current == 0 {
		return nil, errors.New("it holds no key; a line is a number, a space and 64 hexadecimal digits")
	}
	return k, nil
}

func (k *Keys) add(fields []string) error {
	if len(fields) != 2 {
		return errors.New("want a number, a space and 64 hexadecimal digits")
	}
	id, err := strconv.ParseUint(fields[0], 10, 16)
	if err != nil || id == 0 {
		return errors.New("the number of a key is between 1 and 65535")
	}
	secret, err := hex.DecodeString(fields[1])
	if err != nil || len(secret) != 32 {
		return errors.New("a key has 64 hexadecimal digits")
	}
	if _, ok := k.seals[uint16(id)]; ok {
		return fmt.Errorf("key %d stands twice", id)
	}
	k.current = uint16(id)
	if k.seals[k.current], err = aead(secret); err != nil {
		return err
	}
	k.blinds[k.current], err = hkdf.Key(sha256.New, secret, nil, "reschedulebot look-up 1", 32)
	return err
}

func aead(secret []byte) (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, secret, nil, "reschedulebot seal 1", 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

func (k *Keys) ids() []uint16 { return slices.Sorted(maps.Keys(k.seals)) }

// String keeps keys out of logs.
func (k *Keys) String() string { return fmt.Sprintf("keys %v", k.ids()) }

// GoString is String.
func (k *Keys) GoString() string { return k.String() }
