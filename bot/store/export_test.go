package store

import "time"

// SetPatience is how long a transaction on PostgreSQL may take from now on.
func SetPatience(s *Store, d time.Duration) { s.e.(*postgres).patience = d }
