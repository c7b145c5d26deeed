package fakeslack

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// What Slack allows, in characters unless said otherwise.
const (
	textLimit     = 40_000
	updateLimit   = 4_000
	messageBlocks = 50
	viewBlocks    = 100
	idLimit       = 255
	sectionText   = 3000
	fieldText     = 2000
	fieldCount    = 10
	headerText    = 150
	labelText     = 2000
	actionCount   = 25
	contextCount  = 10
	urlLimit      = 3000
)

var (
	dayForm    = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$`) })
	personForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[UW][A-Z0-9]+$`) })
	hourForm   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^([01]\d|2[0-3]):[0-5]\d$`) })
)

// A check collects what Slack does not take about blocks, and the texts in them
// that it interprets.
type check struct {
	surface  string // "message", "modal", "home"
	messages []string
	texts    []place
	blockIDs map[string]bool
	inputs   int
}

type place struct{ where, text string }

func newCheck(surface string) *check { return &check{surface: surface, blockIDs: map[string]bool{}} }

func (k *check) fail(where, format string, args ...any) {
	k.messages = append(k.messages, "[ERROR] "+fmt.Sprintf(format, args...)+" [json-pointer:"+where+"]")
}

func (k *check) length(where, text string, most int) {
	if n := utf8.RuneCountInString(text); n > most {
		k.fail(where, "must be less than %d characters", most+1)
	}
}

// text checks a text object. kinds is "plain_text", "mrkdwn" or both.
func (k *check) text(where string, t *Text, most int, kinds ...string) {
	switch {
	case t == nil:
		k.fail(where, "missing required field: %s", where[strings.LastIndexByte(where, '/')+1:])
		return
	case !slices.Contains(kinds, t.Type):
		k.fail(where+"/type", "unsupported type: %s", t.Type)
	case t.Text == "":
		k.fail(where+"/text", "must be more than 0 characters")
	case t.Type == "mrkdwn" && t.Emoji != nil:
		k.fail(where, "invalid additional property: emoji")
	}
	k.length(where+"/text", t.Text, most)
	if t.Type == "mrkdwn" {
		k.texts = append(k.texts, place{where, t.Text})
	}
}

func (k *check) optional(where string, t *Text, most int, kinds ...string) {
	if t != nil {
		k.text(where, t, most, kinds...)
	}
}

func (k *check) blocks(where string, blocks []Block) {
	most := viewBlocks
	if k.surface == "message" {
		most = messageBlocks
	}
	if len(blocks) > most {
		k.fail(where, "no more than %d items allowed", most)
	}
	for i := range blocks {
		b, at := &blocks[i], where+"/"+strconv.Itoa(i)
		k.length(at+"/block_id", b.BlockID, idLimit)
		if b.BlockID != "" && k.blockIDs[b.BlockID] {
			k.fail(at+"/block_id", "block_id already exists")
		}
		k.blockIDs[b.BlockID] = true
		k.block(at, b)
		k.actionIDs(at, b)
	}
}

func (k *check) actionIDs(at string, b *Block) {
	seen := map[string]bool{}
	for _, e := range b.inputs() {
		if e.ActionID != "" && seen[e.ActionID] {
			k.fail(at, "action_id already exists in this block")
		}
		seen[e.ActionID] = true
	}
}

func (k *check) block(at string, b *Block) {
	switch b.Type {
	case "section":
		k.section(at, b)
	case "header":
		k.text(at+"/text", b.Text, headerText, "plain_text")
	case "divider":
	case "context":
		k.context(at, b)
	case "actions":
		if n := len(b.Elements); n < 1 || n > actionCount {
			k.fail(at+"/elements", "must have between 1 and %d items", actionCount)
		}
		for i := range b.Elements {
			k.element(at+"/elements/"+strconv.Itoa(i), &b.Elements[i], inActions)
		}
	case "input":
		k.inputs++
		k.text(at+"/label", b.Label, labelText, "plain_text")
		k.optional(at+"/hint", b.Hint, labelText, "plain_text")
		if b.Element == nil {
			k.fail(at+"/element", "missing required field: element")
			return
		}
		k.element(at+"/element", b.Element, inInput)
	case "image":
		k.image(at, b.ImageURL, b.AltText)
	case "rich_text":
		if len(b.Elements) == 0 {
			k.fail(at+"/elements", "missing required field: elements")
		}
		k.rich(at, b.Elements, "rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote")
	default:
		k.fail(at+"/type", "unsupported type: %s", b.Type)
	}
}

func (k *check) section(at string, b *Block) {
	if b.Text == nil && len(b.Fields) == 0 {
		k.fail(at, "missing required field: text")
	}
	k.optional(at+"/text", b.Text, sectionText, "plain_text", "mrkdwn")
	if len(b.Fields) > fieldCount {
		k.fail(at+"/fields", "no more than %d items allowed", fieldCount)
	}
	for i := range b.Fields {
		k.text(at+"/fields/"+strconv.Itoa(i), &b.Fields[i], fieldText, "plain_text", "mrkdwn")
	}
	if b.Accessory != nil {
		k.element(at+"/accessory", b.Accessory, inSection)
	}
}

func (k *check) context(at string, b *Block) {
	if n := len(b.Elements); n < 1 || n > contextCount {
		k.fail(at+"/elements", "must have between 1 and %d items", contextCount)
	}
	for i := range b.Elements {
		e, at := &b.Elements[i], at+"/elements/"+strconv.Itoa(i)
		switch {
		case e.Type == "image":
			k.image(at, e.ImageURL, e.AltText)
		case e.Text == nil:
			k.fail(at+"/text", "missing required field: text")
		default:
			k.text(at, &Text{Type: e.Type, Text: e.Text.Text}, sectionText, "plain_text", "mrkdwn")
		}
	}
}

// rich checks what is in rich text, of which only some kinds may stand here.
func (k *check) rich(at string, elements []Element, kinds ...string) {
	for i := range elements {
		e, at := &elements[i], at+"/elements/"+strconv.Itoa(i)
		if !slices.Contains(kinds, e.Type) {
			k.fail(at+"/type", "unsupported type: %s", e.Type)
		}
		switch e.Type {
		case "rich_text_list":
			k.rich(at, e.Elements, "rich_text_section")
		case "rich_text_section", "rich_text_preformatted", "rich_text_quote":
			if len(e.Elements) == 0 {
				k.fail(at+"/elements", "missing required field: elements")
			}
			k.rich(at, e.Elements, "text", "link", "user", "usergroup", "channel", "broadcast", "emoji", "date", "team", "color")
		case "text":
			if e.Text == nil || e.Text.Text == "" {
				k.fail(at+"/text", "must be more than 0 characters")
			}
		case "user":
			if !personForm().MatchString(e.UserID) {
				k.fail(at+"/user_id", "invalid user id")
			}
		case "link":
			if e.URL == "" {
				k.fail(at+"/url", "missing required field: url")
			}
			k.length(at+"/url", e.URL, urlLimit)
		}
	}
}

func (k *check) image(at, url, alt string) {
	if url == "" || alt == "" {
		k.fail(at, "missing required field: image_url or alt_text")
	}
	k.length(at+"/image_url", url, urlLimit)
	k.length(at+"/alt_text", alt, labelText)
}
