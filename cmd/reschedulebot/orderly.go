package main

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"

	"reschedulebot/bot"
)

// An orderly platform shows what is said to several chats on one screen in the
// same order in every run: the bot writes to different chats at the same time.
// What is sent is kept until show.
type orderly struct {
	bot.Platform

	mu      sync.Mutex
	kept    []bot.Outgoing
	sent    int
	speaker string // whose chat comes first
}

// Send implements bot.Platform.
func (o *orderly) Send(_ context.Context, m bot.Outgoing) (string, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.kept = append(o.kept, m)
	o.sent++
	return strconv.Itoa(o.sent), nil
}

// heard notes who has just spoken.
func (o *orderly) heard(chat string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.speaker = chat
}

// show shows what was kept: first to whoever spoke last, then to the others by
// the names of their chats.
func (o *orderly) show(ctx context.Context) error {
	o.mu.Lock()
	kept, speaker := o.kept, o.speaker
	o.kept = nil
	o.mu.Unlock()
	slices.SortStableFunc(kept, func(a, b bot.Outgoing) int {
		switch {
		case a.Chat == b.Chat:
			return 0
		case a.Chat == speaker, b.Chat != speaker && a.Chat < b.Chat:
			return -1
		}
		return 1
	})
	var errs []error
	for _, m := range kept {
		if _, err := o.Platform.Send(ctx, m); err != nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}
