// Package store keeps everything the bot remembers, in SQLite or PostgreSQL.
//
// All work happens in transactions. Update takes a function, runs it with a *Tx
// and returns nil only once what it wrote is durable; View reads a snapshot;
// Later writes what nobody waits for. On SQLite many Updates share one commit; a
// function that fails or panics undoes only itself, but the others may be run
// again because of it. On PostgreSQL each is a serializable transaction of its
// own and may be run more than once. So a function given to Update must have no
// effect but through its Tx, and must not call Update itself.
//
// The methods of Tx return values, not errors. The first error is kept, every
// later call does nothing and returns zero values, and the transaction is rolled
// back. Err tells in between.
//
// There is one file per table. The SQL stands in constants beside the Go that
// uses it, one text for both engines; what differs between them is in
// dialect.go. Parameters are written $1, $2 … and become ?1, ?2 … for SQLite,
// which would otherwise number them by first appearance.
//
// Ids are made here and begin with the time, so that new rows lie together.
// Instants are stored as Unix milliseconds and come back in UTC. Personal data is
// sealed (seal.go) in columns named *_sealed and looked up by keyed hashes in
// columns named *_key; nothing personal stands anywhere else, and the types that
// carry it print without it. Whoever reads a case says who asks: a Principal.
package store
