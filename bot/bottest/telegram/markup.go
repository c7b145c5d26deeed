package faketelegram

import (
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
		if n++; r > 0xFFFF {
			n++
		}
	}
	return n
}

// styles are the entity types that tags become.
var styles = map[string]string{
	"b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
	"s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "code": "code", "pre": "pre",
	"a": "text_link", "blockquote": "blockquote", "tg-spoiler": "spoiler",
}

// ParseHTML reads a text with parse_mode HTML as strictly as Telegram does. Its
// errors are worded like Telegram's.
func ParseHTML(s string) (text string, entities []Entity, err error) {
	var out strings.Builder
	out.Grow(len(s))
	type open struct {
		tag, url      string
		begin, offset int
	}
	var nested []open
	units := 0
	for i := 0; i < len(s); {
		switch s[i] {
		case '&':
			r, n := character(s[i:])
			out.WriteRune(r)
			units += utf16.RuneLen(r)
			i += n
		case '<':
			end := strings.IndexByte(s[i:], '>')
			if end < 0 {
				return "", nil, fmt.Errorf("Unclosed start tag at byte offset %d", i)
			}
			inside := s[i+1 : i+end]
			if name, ok := strings.CutPrefix(inside, "/"); ok {
				if len(nested) == 0 {
					return "", nil, fmt.Errorf("Unexpected end tag at byte offset %d", i)
				}
				top := nested[len(nested)-1]
				if name = strings.ToLower(strings.TrimSpace(name)); name != top.tag {
					return "", nil, fmt.Errorf("Unmatched end tag at byte offset %d, expected \"</%s>\", found \"</%s>\"", i, top.tag, name)
				}
				nested = nested[:len(nested)-1]
				if units > top.offset {
					entities = append(entities, Entity{Type: styles[name], Offset: top.offset, Length: units - top.offset, URL: top.url})
				}
			} else {
				name, url, ok := startTag(inside)
				if !ok {
					return "", nil, fmt.Errorf("Unsupported start tag \"%s\" at byte offset %d", name, i)
				}
				nested = append(nested, open{tag: name, url: url, begin: i, offset: units})
			}
			i += end + 1
		default:
			r, n := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && n == 1 {
				return "", nil, fmt.Errorf("Text must be encoded in UTF-8")
			}
			out.WriteString(s[i : i+n])
			units += utf16.RuneLen(r)
			i += n
		}
	}
	if len(nested) > 0 {
		return "", nil, fmt.Errorf("Can't find end tag corresponding to start tag %s", nested[len(nested)-1].tag)
	}
	return out.String(), entities, nil
}

// startTag reads "b" or `a href="…"`.
func startTag(inside string) (name, url string, ok bool) {
	name, rest, _ := strings.Cut(inside, " ")
	name = strings.ToLower(name)
	if styles[name] == "" {
		return name, "", false
	}
	if name == "a" {
		href, found := strings.CutPrefix(strings.TrimSpace(rest), `href="`)
		if !found || !strings.HasSuffix(href, `"`) {
			return name, "", false
		}
		return name, strings.TrimSuffix(href, `"`), true
	}
	return name, "", strings.TrimSpace(rest) == ""
}

// character reads the character that a reference at the beginning of s stands
// for, and how long the reference is. What is no reference is just an ampersand.
func character(s string) (rune, int) {
	for name, r := range map[string]rune{"&lt;": '<', "&gt;": '>', "&amp;": '&', "&quot;": '"'} {
		if strings.HasPrefix(s, name) {
			return r, len(name)
		}
	}
	if digits, ok := strings.CutPrefix(s, "&#"); ok {
		end := strings.IndexByte(digits, ';')
		if end > 0 && end < 9 {
			base := 10
			number := digits[:end]
			if number[0] == 'x' {
				base, number = 16, number[1:]
			}
			if n, err := strconv.ParseUint(number, base, 21); err == nil && n != 0 && utf8.ValidRune(rune(n)) {
				return rune(n), len("&#") + end + 1
			}
		}
	}
	return '&', 1
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
