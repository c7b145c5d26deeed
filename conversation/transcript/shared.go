package transcript

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"reschedulebot/scheduling"
)

// sharedRows are what is in every file that somebody shares: an appointment that
// most dialogues have on file at another time, one that nobody has on file, and one
// on a day that there is not.
const sharedRows = `receipt_number,asc_code,appointment_date,appointment_time
IOE0000000101,XCB,2026-12-15,10:20
IOE0000000131,XCB,2026-12-16,10:00
IOE0000000132,XCB,2026-02-30,10:00
`

// Shared is what is in a shared file of so many bytes, whatever its name: the rows,
// and blank lines up to that size. It holds all rows where the size is smaller.
func Shared(size int64) []byte {
	blank := max(0, int(size)-len(sharedRows))
	return append([]byte(sharedRows), bytes.Repeat([]byte("\n"), blank)...)
}

// WithShared are receipt numbers and, behind them, those that a shared file may have
// put on file besides.
func WithShared(receipts []scheduling.Receipt) []scheduling.Receipt {
	all := slices.Clone(receipts)
	for _, text := range []string{"IOE0000000101", "IOE0000000131"} {
		if r := scheduling.MustReceipt(text); !slices.Contains(all, r) {
			all = append(all, r)
		}
	}
	return all
}

// ParseFile reads "NAME SIZE words": a shared file and what is said with it.
func ParseFile(text string) (name string, size int64, words string) {
	name, rest, _ := strings.Cut(text, " ")
	number, words, _ := strings.Cut(rest, " ")
	size, _ = strconv.ParseInt(number, 10, 64)
	return name, size, words
}
