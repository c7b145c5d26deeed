package fakeslack

func (s *Server) updateMessage(c *Call) answer {
	ch, m, a := s.own(c, "cant_update_message")
	if !a.ok() {
		return a
	}
	to, a := s.readMessage(c, updateLimit)
	if !a.ok() {
		return a
	}
	if len(m.Blocks) > 0 && len(to.Blocks) == 0 && c.Params.Get("blocks") == "" {
		s.blame(c.Method, "blocks", "are left out: those of the message are gone")
	}
	s.change(ch, m, to)
	return yes(obj{"channel": ch.id, "ts": m.TS, "text": m.Text, "message": s.wire(m)})
}

// change gives a message another content. s.mu is held.
func (s *Server) change(ch *channel, m, to *message) {
	was := s.wire(m)
	m.Text, m.Blocks, m.raw, m.states = to.Text, to.Blocks, to.raw, nil
	if to.Metadata != nil {
		m.Metadata = to.Metadata
	}
	m.Edits++
	m.edited = s.stamp()
	s.ring()
	event := obj{"subtype": "message_changed", "hidden": true, "ts": m.edited, "message": s.wire(m), "previous_message": was}
	switch {
	case m.Ephemeral != "":
	case m.app:
		s.echo(ch, event)
	default:
		s.happen(ch, event)
	}
}

// own finds a message of the app that a call names.
func (s *Server) own(c *Call, refusal string) (*channel, *message, answer) {
	ch, a := s.writable(c.Params.Get("channel"), false)
	if !a.ok() {
		return nil, nil, a
	}
	m := ch.find(c.Params.Get("ts"))
	switch {
	case m == nil:
		return nil, nil, refuse("message_not_found")
	case !m.app:
		return nil, nil, refuse(refusal)
	}
	return ch, m, answer{}
}

func (s *Server) deleteMessage(c *Call) answer {
	ch, m, a := s.own(c, "cant_delete_message")
	if !a.ok() {
		return a
	}
	s.remove(ch, m)
	return yes(obj{"channel": ch.id, "ts": m.TS})
}

// remove deletes a message. s.mu is held.
func (s *Server) remove(ch *channel, m *message) {
	m.deleted = true
	s.ring()
	event := obj{"subtype": "message_deleted", "hidden": true, "ts": s.stamp(), "deleted_ts": m.TS, "previous_message": s.wire(m)}
	switch {
	case m.Ephemeral != "":
	case m.app:
		s.echo(ch, event)
	default:
		s.happen(ch, event)
	}
}
