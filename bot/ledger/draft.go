package ledger

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"reschedulebot/conversation"
	"reschedulebot/scheduling"
)

// A draft is an Entry while its row is being read.
type draft struct {
	Entry
	sites   scheduling.Sites
	placed  bool // the site, date and time are read
	dated   bool
	clocked bool
	unsaid  Columns // columns that are there but whose cell says nothing
}

// The longest texts, in characters.
const (
	mostText  = 200
	mostNotes = 4000
	mostCount = 20
)

// readEntry reads one row. The error is everything that is wrong with it, one
// sentence for each column concerned, joined.
func readEntry(sites scheduling.Sites, columns []column, text func(name string) (string, bool)) (Entry, error) {
	d := draft{sites: sites}
	d.Status = scheduling.Scheduled
	var faults []error
	for _, c := range columns {
		cell, ok := text(c.name)
		if !ok {
			continue
		}
		d.Given |= c.given
		if err := c.read(&d, cell); err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", c.name, err))
		}
	}
	d.Given &^= d.unsaid
	if d.placed && d.dated && d.clocked {
		start, err := d.Site.Instant(d.Local)
		if err != nil {
			faults = append(faults, fmt.Errorf("appointment_time: %w; copy the time from the notice, such as 10:20 AM", err))
		}
		d.Start = start
	}
	if faults != nil {
		return Entry{}, errors.Join(faults...)
	}
	return d.Entry, nil
}

func (d *draft) readReceipt(text string) (err error) {
	if strings.TrimSpace(text) == "" {
		return errors.New("it is empty; write three letters and ten digits, such as IOE0000000101")
	}
	d.Receipt, err = scheduling.ParseReceipt(text)
	return err
}

func (d *draft) readSite(text string) error {
	d.Site, d.placed = d.sites.Find(text)
	if !d.placed {
		return errors.New("there is no such site; write the three letters of its code, such as XCB, or import the site first")
	}
	return nil
}

func (d *draft) readDate(text string) (err error) {
	d.Local.Date, err = scheduling.ParseDate(text)
	d.dated = err == nil
	return err
}

func (d *draft) readClock(text string) (err error) {
	d.Local.Hour, d.Local.Minute, err = scheduling.ParseClock(text)
	d.clocked = err == nil
	return err
}

func (d *draft) readForm(text string) (err error) {
	if text, err = readText(text); err == nil {
		d.Form = scheduling.NormalForm(text)
	}
	return err
}

func (d *draft) readCount(text string) error {
	if text = strings.TrimSpace(text); text == "" {
		d.unsaid |= CountColumn
		return nil
	}
	n, err := strconv.ParseUint(text, 10, 16)
	if err != nil || n > mostCount {
		return fmt.Errorf("this is not a number of earlier changes; write a whole number from 0 to %d, such as 1", mostCount)
	}
	d.Count, d.CountGiven = int(n), true
	return nil
}

// readLanguage takes a code, with or without a region, or the name of the
// language in either.
func (d *draft) readLanguage(text string) error {
	text = strings.ToLower(strings.TrimSpace(text))
	code, _, _ := strings.Cut(strings.ReplaceAll(text, "_", "-"), "-")
	switch code {
	case "english", "inglés", "ingles":
		code = "en"
	case "spanish", "español", "espanol":
		code = "es"
	}
	if code != "" && !slices.Contains(conversation.Languages(), code) {
		return fmt.Errorf("the bot does not speak it; leave it empty or write %s", strings.Join(conversation.Languages(), " or "))
	}
	d.Language = code
	return nil
}

// readANumber refuses what looks like a Social Security number before anything
// else is tried (R30).
func (d *draft) readANumber(text string) (err error) {
	if text = strings.TrimSpace(text); text == "" {
		return nil
	}
	if scheduling.ReadIdentifier(text).Kind == scheduling.SSNLike {
		return errors.New("this looks like a Social Security number, which is never needed; remove it. An A-Number is written A012345678")
	}
	d.ANumber, err = scheduling.ParseANumber(text)
	return err
}

func (d *draft) readG28(text string) error {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "":
		d.unsaid |= G28Column
		return nil
	case "yes", "y", "true", "1":
		d.G28, d.G28Given = true, true
		return nil
	case "no", "n", "false", "0":
		d.G28Given = true
		return nil
	}
	return errors.New("this is neither yes nor no; write yes or no")
}

func (d *draft) readNoticeDate(text string) error {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	date, err := scheduling.ParseDate(text)
	d.NoticeDate = date.String()
	return err
}

func (d *draft) readStatus(text string) error {
	name := columnName(text)
	if name == "" {
		d.unsaid |= StatusColumn
		return nil
	}
	if name == "canceled" {
		name = string(scheduling.Cancelled)
	}
	known := []scheduling.Status{scheduling.Scheduled, scheduling.Superseded, scheduling.Cancelled,
		scheduling.Completed, scheduling.Missed, scheduling.USCISMoved}
	if !slices.Contains(known, scheduling.Status(name)) {
		return errors.New("there is no such status; write scheduled, superseded, cancelled, completed, missed or uscis_moved")
	}
	d.Status = scheduling.Status(name)
	return nil
}

func (d *draft) readNotes(text string) error {
	d.Notes = lines(text)
	return checkText(d.Notes, mostNotes)
}

// readText reads a short text of one line.
func readText(text string) (string, error) {
	text = oneLine(text)
	return text, checkText(text, mostText)
}

func checkText(text string, most int) error {
	if utf8.RuneCountInString(text) > most {
		return fmt.Errorf("it is longer than %d characters; shorten it", most)
	}
	if scheduling.ReadIdentifier(text).Kind == scheduling.SSNLike { // R30
		return errors.New("there is something like a Social Security number in it, which is never needed; remove it")
	}
	return nil
}
