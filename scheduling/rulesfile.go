package scheduling

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"time"
)

// A rules file is small; more than this is something else.
const mostRulesBytes = 1 << 20

// ReadRules reads a rule set (RULES_FILE), a JSON object:
//
//	{
//	  "version": "2026-11-firm",
//	  "max_changes": 2,
//	  "window": "12h",
//	  "too_close": "24h",
//	  "excluded_forms": ["I-600", "I-600A", "I-800", "I-800A"],
//	  "horizon_days": 60,
//	  "extra_closed_days": ["2026-12-24"],
//	  "center": {
//	    "phone": "800-375-5283",
//	    "tty": "800-767-1833",
//	    "abroad": "+1 212-620-3418",
//	    "military": "877-247-4645",
//	    "zone": "America/New_York",
//	    "hours": "Mon-Fri 08:00-20:00"
//	  }
//	}
//
// A field that is left out keeps its built-in value. A changed rule set must have a
// version of its own, because records name it. A field that is unknown, given twice or
// null is an error. The error lists everything that is wrong, one fault per
// line, each beginning with the field; with an error there are no Rules.
func ReadRules(r io.Reader) (Rules, error) {
	text, err := io.ReadAll(io.LimitReader(r, mostRulesBytes+1))
	if err != nil {
		return Rules{}, fmt.Errorf("reading the rules file: %w", err)
	}
	if len(text) > mostRulesBytes {
		return Rules{}, errors.New("the rules file is larger than 1 MB")
	}
	rules := BuiltinRules()
	var f ruleFaults
	f.object("", bytes.TrimPrefix(text, []byte("\ufeff")), map[string]func(field string, value []byte){
		"version":           func(field string, v []byte) { f.text(field, v, 1, &rules.Version) },
		"max_changes":       func(field string, v []byte) { f.number(field, v, 0, 99, &rules.MaxChanges) },
		"window":            func(field string, v []byte) { f.span(field, v, &rules.Window) },
		"too_close":         func(field string, v []byte) { f.span(field, v, &rules.TooClose) },
		"excluded_forms":    func(field string, v []byte) { f.forms(field, v, &rules.ExcludedForms) },
		"horizon_days":      func(field string, v []byte) { f.number(field, v, 1, 366, &rules.HorizonDays) },
		"extra_closed_days": func(field string, v []byte) { f.days(field, v, &rules.ExtraClosedDays) },
		"center":            func(field string, v []byte) { f.center(field, v, &rules.Center) },
	})
	if built := BuiltinRules(); len(f) == 0 && rules.Version == built.Version && !reflect.DeepEqual(rules, built) {
		f.add("version", "the rules are other than those of %s; give them a version of their own, like %[1]s-firm, records name it", built.Version)
	}
	if len(f) > 0 {
		return Rules{}, errors.Join(f...)
	}
	return rules, nil
}

// ruleFaults gathers what is wrong with a rules file.
type ruleFaults []error

func (f *ruleFaults) add(field, format string, a ...any) {
	text := fmt.Sprintf(format, a...)
	if field != "" {
		text = field + ": " + text
	}
	*f = append(*f, errors.New(text))
}

// object walks a JSON object by tokens, because Unmarshal says nothing about a
// field that is given twice and stops at the first fault.
func (f *ruleFaults) object(name string, text []byte, fields map[string]func(string, []byte)) {
	d := json.NewDecoder(bytes.NewReader(text))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		f.add(name, "this is not a JSON object; it begins with {")
		return
	}
	seen := map[string]bool{}
	for d.More() {
		key, err := d.Token()
		var value json.RawMessage
		if err == nil {
			err = d.Decode(&value)
		}
		if err != nil {
			f.add(name, "this is not JSON near byte %d: %v", d.InputOffset(), err)
			return
		}
		field := strings.TrimPrefix(fmt.Sprintf("%s.%v", name, key), ".")
		short, _ := key.(string)
		read, known := fields[short]
		switch {
		case !known:
			f.add(printableField(field), "there is no such field")
		case seen[short]:
			f.add(field, "is given twice")
		default:
			read(field, value)
		}
		seen[short] = true
	}
	if _, err := d.Token(); err != nil {
		f.add(name, "this is not JSON near byte %d: the closing } is missing", d.InputOffset())
		return
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		f.add(name, "something follows the closing }")
	}
}

// printableField keeps a mistaken field name on one line of bearable length.
func printableField(field string) string {
	field = oneLine(field)
	if r := []rune(field); len(r) > 60 {
		field = string(r[:60]) + "…"
	}
	return field
}

// value decodes one JSON value; null, which Unmarshal would pass over, is none.
func (f *ruleFaults) value(field string, text []byte, into any, want string) bool {
	if bytes.Equal(bytes.TrimSpace(text), []byte("null")) || json.Unmarshal(text, into) != nil {
		f.add(field, "write %s", want)
		return false
	}
	return true
}

func (f *ruleFaults) text(field string, v []byte, least int, into *string) {
	var s string
	if !f.value(field, v, &s, "a text in quotes") {
		return
	}
	if s != oneLine(s) || len(s) < least || len(s) > 60 {
		f.add(field, "write a text in one line of %d to 60 characters", least)
		return
	}
	*into = s
}

func (f *ruleFaults) number(field string, v []byte, least, most int, into *int) {
	var n int
	if want := fmt.Sprintf("a whole number from %d to %d", least, most); f.value(field, v, &n, want) {
		if n < least || n > most {
			f.add(field, "write %s", want)
			return
		}
		*into = n
	}
}

func (f *ruleFaults) span(field string, v []byte, into *time.Duration) {
	const most = 30 * 24 * time.Hour
	const want = `a length of time from "1m" to "720h", such as "12h"`
	var s string
	if !f.value(field, v, &s, want) {
		return
	}
	d, err := time.ParseDuration(s)
	if err != nil || d < time.Minute || d > most {
		f.add(field, "write %s", want)
		return
	}
	*into = d
}

func (f *ruleFaults) forms(field string, v []byte, into *[]string) {
	var list []string
	if !f.value(field, v, &list, `a list of form numbers, such as ["I-600", "I-800"]`) {
		return
	}
	forms := make([]string, 0, len(list))
	for i, form := range list {
		normal := NormalForm(form)
		if !isForm(normal) {
			f.add(fmt.Sprintf("%s[%d]", field, i), "write a form number, such as I-600A")
			continue
		}
		if !slices.Contains(forms, normal) {
			forms = append(forms, normal)
		}
	}
	*into = forms
}

func (f *ruleFaults) days(field string, v []byte, into *[]Date) {
	var list []string
	if !f.value(field, v, &list, `a list of dates, such as ["2026-12-24"]`) {
		return
	}
	days := make([]Date, 0, len(list))
	for i, text := range list {
		d, err := ParseDate(text)
		if err != nil || d.String() != text {
			f.add(fmt.Sprintf("%s[%d]", field, i), "write an existing day as 2026-12-24")
			continue
		}
		days = append(days, d)
	}
	*into = days
}

func (f *ruleFaults) center(field string, v []byte, into *Center) {
	f.object(field, v, map[string]func(string, []byte){
		"phone":    func(field string, v []byte) { f.text(field, v, 1, &into.Phone) },
		"tty":      func(field string, v []byte) { f.text(field, v, 0, &into.TTY) },
		"abroad":   func(field string, v []byte) { f.text(field, v, 0, &into.Abroad) },
		"military": func(field string, v []byte) { f.text(field, v, 0, &into.Military) },
		"zone": func(field string, v []byte) {
			var s string
			if f.text(field, v, 1, &s); s == "" {
				return
			}
			if _, err := zone(s); err != nil {
				f.add(field, "%v", err)
				return
			}
			into.Zone = s
		},
		"hours": func(field string, v []byte) {
			var s string
			if f.text(field, v, 1, &s); s == "" {
				return
			}
			h, err := ParseHours(s)
			if err != nil {
				f.add(field, "%v", err)
				return
			}
			into.Hours = h
		},
	})
}
