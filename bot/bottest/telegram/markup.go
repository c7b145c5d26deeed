package faketelegram

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// An Entity is a piece of a text in a style, or a command. It counts UTF-16
// units.
type Entity struct {
	Type   string `json:"type"`
	Offset int    `json:"offset"`
	Length int    `json:"length"`
	URL    string `json:"url,omitempty"`
}

func utf16Of(s string) []uint16      { return utf16.Encode([]rune(s)) }
func stringOf(units []uint16) string { return string(utf16.Decode(units)) }

func utf16Len(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

// style is the entity type that a tag becomes, "" for an unknown tag.
func style(tag string) string {
	switch tag {
	case "b", "strong":
		return "bold"
	case "i", "em":
		return "italic"
	case "u", "ins":
		return "underline"
	case "s", "strike", "del":
		return "strikethrough"
	case "a":
		return "text_link"
	case "tg-spoiler":
		return "spoiler"
	case "code", "pre", "blockquote":
		return tag
	}
	return ""
}

// ParseHTML reads a text with parse_mode HTML as strictly as Telegram does. Its
// errors say what Telegram's say.
func ParseHTML(s string) (text string, entities []Entity, err error) {
	if !utf8.ValidString(s) {
		return "", nil, errors.New("text must be encoded in UTF-8")
	}
	p := parser{in: s}
	p.out.Grow(len(s))
	for p.at < len(s) {
		n := strings.IndexAny(s[p.at:], "<&")
		if n < 0 {
			n = len(s) - p.at
		}
		p.write(s[p.at : p.at+n])
		p.at += n
		if p.at == len(s) {
			break
		}
		if s[p.at] == '&' {
			char, n := character(s[p.at:])
			p.write(char)
			p.at += n
		} else if err := p.tag(); err != nil {
			return "", nil, err
		}
	}
	if n := len(p.open); n > 0 {
		return "", nil, fmt.Errorf("can't find end tag corresponding to start tag %q", p.open[n-1].name)
	}
	return p.out.String(), p.entities, nil
}

type parser struct {
	in       string
	at       int // in in
	out      strings.Builder
	units    int // of out
	open     []tag
	entities []Entity
}

type tag struct {
	name, url string
	offset    int
}

func (p *parser) write(s string) {
	p.out.WriteString(s)
	p.units += utf16Len(s)
}

// tag reads the tag that begins here.
func (p *parser) tag() error {
	end := strings.IndexByte(p.in[p.at:], '>')
	if end < 0 {
		return fmt.Errorf("unclosed start tag at byte offset %d", p.at)
	}
	inside := p.in[p.at+1 : p.at+end]
	if name, ok := strings.CutPrefix(inside, "/"); ok {
		if err := p.shut(strings.ToLower(strings.TrimSpace(name))); err != nil {
			return err
		}
	} else {
		name, url, ok := startTag(inside)
		if !ok {
			return fmt.Errorf("unsupported start tag %q at byte offset %d", name, p.at)
		}
		p.open = append(p.open, tag{name, url, p.units})
	}
	p.at += end + 1
	return nil
}

func (p *parser) shut(name string) error {
	if len(p.open) == 0 {
		return fmt.Errorf("unexpected end tag at byte offset %d", p.at)
	}
	top := p.open[len(p.open)-1]
	if name != top.name {
		return fmt.Errorf("unmatched end tag at byte offset %d, expected \"</%s>\", found \"</%s>\"", p.at, top.name, name)
	}
	p.open = p.open[:len(p.open)-1]
	if p.units > top.offset {
		p.entities = append(p.entities, Entity{Type: style(name), Offset: top.offset, Length: p.units - top.offset, URL: top.url})
	}
	return nil
}

// startTag reads "b" or `a href="…"`.
func startTag(inside string) (name, url string, ok bool) {
	name, rest, _ := strings.Cut(inside, " ")
	name, rest = strings.ToLower(name), strings.TrimSpace(rest)
	switch {
	case style(name) == "":
		return name, "", false
	case name != "a":
		return name, "", rest == ""
	}
	href, found := strings.CutPrefix(rest, `href="`)
	url, shut := strings.CutSuffix(href, `"`)
	return name, url, found && shut
}

// character reads the character that a reference at the beginning of s stands
// for, and how long the reference is. What is no reference is just an ampersand.
func character(s string) (string, int) {
	end := strings.IndexByte(s[:min(len(s), 12)], ';')
	if end < 0 {
		return "&", 1
	}
	switch name := s[1:end]; name {
	case "lt":
		return "<", end + 1
	case "gt":
		return ">", end + 1
	case "amp":
		return "&", end + 1
	case "quot":
		return `"`, end + 1
	default:
		number, ok := strings.CutPrefix(name, "#")
		base := 10
		if hex, isHex := strings.CutPrefix(number, "x"); isHex {
			number, base = hex, 16
		}
		n, err := strconv.ParseUint(number, base, 21)
		if !ok || err != nil || n == 0 || !utf8.ValidRune(rune(n)) {
			return "&", 1
		}
		return string(rune(n)), end + 1
	}
}

// typedEntities marks the command that a typed text begins with.
func typedEntities(text string) []Entity {
	if !strings.HasPrefix(text, "/") {
		return nil
	}
	n := strings.IndexAny(text, " \n")
	if n < 0 {
		n = len(text)
	}
	if n < 2 || n > 65 {
		return nil
	}
	return []Entity{{Type: "bot_command", Length: utf16Len(text[:n])}}
}
