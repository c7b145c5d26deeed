package store

import (
	"errors"
	"io/fs"
	"strings"

	"github.com/jackc/pgx/v5"
)

var (
	errAddress  = errors.New("must begin with sqlite: or postgres://, like sqlite:reschedulebot.db")
	errPostgres = errors.New("cannot be read: it looks like postgres://user:password@host/name; in a password write % as %25, @ as %40, / as %2F, ? as %3F and # as %23")
	errNamed    = errors.New("names a file or a service that cannot be read: see sslrootcert, sslcert, sslkey, service and servicefile in it")
)

// CheckAddress says what is wrong with the address of a database, and nothing of what
// stands in it: that may be a password.
func CheckAddress(address string) error {
	if path, ok := strings.CutPrefix(address, "sqlite:"); ok && path != "" {
		return nil
	}
	_, rest, ok := strings.Cut(address, "://")
	if !ok || !isPostgres(address) {
		return errAddress
	}
	// What a bare @ / ? # of a password leaves over would be taken for a host or a
	// port, and be named when that is not found.
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	who, place := rest[:end], rest[end:]
	setting := strings.IndexByte(place, '=')
	if setting < 0 {
		setting = len(place)
	}
	if strings.Count(who, "@") > 1 || who != "" && !strings.Contains(who, "@") && strings.Contains(place[:setting], "@") || strings.Contains(rest, "#") {
		return errPostgres
	}
	if _, err := pgx.ParseConfig(address); err != nil {
		return unread(address, err)
	}
	return nil
}

// unread is what is wrong with an address that the driver does not take.
func unread(address string, err error) error {
	_, settings, _ := strings.Cut(address, "?")
	if _, file := errors.AsType[*fs.PathError](err); file || strings.Contains("&"+settings, "&service=") {
		return errNamed
	}
	return errPostgres
}

func isPostgres(address string) bool {
	return strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://")
}
