package store

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Facts about the database itself. metaKey is followed by the number of a key.
const (
	metaSeal  = "seal"  // "plain", or the number of the key that look-ups are made with
	metaKey   = "key."  // proof that the same key is given again
	metaZones = "zones" // time zone data that derived instants were computed with
	metaPlan  = "plan"  // reminder plan that remind_at was computed with
	metaSites = "sites" // changes whenever sites are imported
	metaAwake = "awake" // when a serve last said that it listens

	metaDigested = "digested" // the day of the last digest
)

const (
	selectMeta = `SELECT value FROM meta WHERE name = $1`
	upsertMeta = `INSERT INTO meta (name, value) VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value`
	selectMetaKeys = `SELECT name, value FROM meta WHERE name LIKE 'key.%'`
)

func (t *Tx) meta(name string) (value string) {
	t.row("read about the database", selectMeta, []any{name}, &value)
	return value
}

func (t *Tx) setMeta(name, value string) {
	t.exec("write about the database", upsertMeta, name, value)
}

// Plan is the fingerprint of the reminder plan that remind_at was last computed
// with for all appointments; SetPlan records it once Upcoming has been gone
// through with another.
func (t *Tx) Plan() string { return t.meta(metaPlan) }

// SetPlan is explained at Plan.
func (t *Tx) SetPlan(fingerprint string) { t.setMeta(metaPlan, fingerprint) }

var (
	errKeyWanted = errors.New("the personal data in this database is sealed: give the key file it was made with (DATA_KEY_FILE)")
	errPlainData = errors.New("the personal data in this database is not sealed, but a key file was given: start without it (INSECURE_PLAINTEXT=1), or begin with a new database and import again")
)

const proof = "the same key"

// fitKeys refuses keys that do not fit the database, and makes a new database fit
// the keys.
func (s *Store) fitKeys(t *Tx) error {
	keys, seal := s.o.Keys, t.meta(metaSeal)
	switch {
	case t.Err() != nil:
		return t.Err()
	case seal == "" && keys == nil:
		t.setMeta(metaSeal, "plain")
		return t.Err()
	case seal == "plain" && keys == nil:
		return nil
	case seal == "plain":
		return errPlainData
	case keys == nil:
		return errKeyWanted
	case seal == "":
		seal = fmt.Sprint(keys.ids()[0])
		t.setMeta(metaSeal, seal)
	}
	var first uint16
	fmt.Sscan(seal, &first)
	if keys.blinds[first] == nil {
		return fmt.Errorf("key %s, which this database was made with, is not in the key file: put it back", seal)
	}
	s.sealer = sealer{keys: keys, blind: keys.blinds[first]}
	return t.provenKeys(keys)
}

// provenKeys compares the keys given with those that were ever used here.
func (t *Tx) provenKeys(keys *Keys) error {
	known := map[string]string{}
	t.each("read about the keys", selectMetaKeys, nil, func(scan func(...any)) {
		var name, value string
		scan(&name, &value)
		known[strings.TrimPrefix(name, metaKey)] = value
	})
	for _, id := range keys.ids() {
		number := fmt.Sprint(id)
		mac := hex.EncodeToString((&sealer{blind: keys.blinds[id]}).mac("proof", proof))
		switch known[number] {
		case "":
			t.setMeta(metaKey+number, mac)
		case mac:
		default:
			return fmt.Errorf("key %s in the key file is not the one that sealed this database: give the right key file (DATA_KEY_FILE)", number)
		}
		delete(known, number)
	}
	for number := range known {
		return fmt.Errorf("key %s, which sealed data in this database, is not in the key file: put it back", number)
	}
	return t.Err()
}

// Digested is the day of the last digest, "2026-12-03"; "": there was none.
func (t *Tx) Digested() string { return t.meta(metaDigested) }

// SetDigested is explained at Digested.
func (t *Tx) SetDigested(day string) { t.setMeta(metaDigested, day) }

// Awake is when a serve last said that it listens; zero if none ever did.
func (t *Tx) Awake() (at time.Time) {
	if ms, err := strconv.ParseInt(t.meta(metaAwake), 10, 64); err == nil {
		at = fromMillis(ms)
	}
	return at
}

// SetAwake is explained at Awake.
func (t *Tx) SetAwake(at time.Time) { t.setMeta(metaAwake, strconv.FormatInt(at.UnixMilli(), 10)) }
