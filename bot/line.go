package bot

// line is a chat that this process is writing to.
type line struct{ more bool } // something was put behind what is being sent

// goesOn tells whether to look at once for what stands behind a letter that was
// just sent; if not, the chat's line is left.
func (p *post) goesOn(mine *line, chat string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if mine.more || p.promptly {
		mine.more = false
		return true
	}
	p.drop(mine, chat)
	return false
}

func (p *post) goOn(mine *line) {
	p.mu.Lock()
	defer p.mu.Unlock()
	mine.more = true
}

// leave ends a chat's line. False: something was put into it meanwhile.
func (p *post) leave(mine *line, chat string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.drop(mine, chat)
	return !mine.more
}

// drop forgets a line, unless a new one has begun. p.mu is held.
func (p *post) drop(mine *line, chat string) {
	if p.lines[chat] == mine {
		delete(p.lines, chat)
	}
}
