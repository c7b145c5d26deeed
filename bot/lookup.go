package bot

import (
	"strings"
	"unicode"

	"reschedulebot/bot/store"
	"reschedulebot/conversation"
)

// client is whose case it is, as far as staff are told where others can look on.
func (b *Bot) client(t *store.Tx, c store.CaseRecord) conversation.Client {
	linked, reachable := t.LinkState(c.ID)
	return conversation.Client{Name: nickname(c), Receipt: c.Receipt, Phone: c.Phone, Linked: linked, Unreachable: linked && !reachable}
}

// maxNickname is how many characters of a first name are shown.
const maxNickname = 20

// nickname is the first name and the initial of the last one: "Ana L."; "" where
// there is no name on file.
func nickname(c store.CaseRecord) string {
	var parts []string
	if first := strings.Fields(visible(c.FirstName)); len(first) > 0 {
		name := []rune(first[0])
		if len(name) > maxNickname {
			name = append(name[:maxNickname], '…')
		}
		parts = append(parts, string(name))
	}
	for _, r := range visible(c.LastName) {
		if unicode.IsLetter(r) {
			parts = append(parts, string(unicode.ToUpper(r))+".")
			break
		}
	}
	return strings.Join(parts, " ")
}

// visible leaves out what would turn the words around a name about, or break its
// line.
func visible(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsGraphic(r):
			return r
		}
		return -1
	}, name)
}
