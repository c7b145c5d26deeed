package scheduling

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// A SiteRow is one row of a sites file: a Site, or the reasons why not.
type SiteRow struct {
	Line int // in the file, from 1
	Site Site
	Err  error // nil, or sentences that each name a column, joined
}

// ReadSites reads a sites CSV: UTF-8, with or without a byte order mark, any
// line ends. The first row names the columns, in any order and case: site_code,
// city, state, zone, kind are needed; hours, visit_minutes, seats, lat, lon may
// be missing or empty and then have their defaults; others are ignored. There is
// one SiteRow per row, in order, good or bad. The error is about the file as a
// whole: it can't be read, or a needed column is missing.
func ReadSites(r io.Reader) ([]SiteRow, error) {
	buffered := bufio.NewReader(r)
	if bom, err := buffered.Peek(3); err == nil && string(bom) == "\ufeff" {
		buffered.Discard(3)
	}
	c := csv.NewReader(buffered)
	c.FieldsPerRecord = -1
	header, err := c.Read()
	if errors.Is(err, io.EOF) {
		return nil, errors.New("the sites file is empty; its first row names the columns: site_code,city,state,zone,kind")
	}
	if err != nil {
		return nil, fmt.Errorf("the sites file is not a CSV file: %w", err)
	}
	columns, err := siteColumns(header)
	if err != nil {
		return nil, err
	}
	var rows []SiteRow
	seen := map[string]int{}
	for {
		record, err := c.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return rows, fmt.Errorf("the sites file is not a CSV file from here on: %w", err)
		}
		line, _ := c.FieldPos(0)
		row := readSite(siteFields{columns, record})
		row.Line = line
		if first, ok := seen[row.Site.Code]; ok && row.Site.Code != "" {
			row.Err = errors.Join(row.Err, fmt.Errorf("site_code: %s stands in line %d already", row.Site.Code, first))
		} else {
			seen[row.Site.Code] = line
		}
		rows = append(rows, row)
	}
}

func siteColumns(header []string) (map[string]int, error) {
	columns := map[string]int{}
	for i, name := range header {
		columns[strings.ToLower(strings.TrimSpace(name))] = i
	}
	var missing []string
	for _, needed := range []string{"site_code", "city", "state", "zone", "kind"} {
		if _, ok := columns[needed]; !ok {
			missing = append(missing, needed)
		}
	}
	if missing != nil {
		return nil, fmt.Errorf("the sites file lacks the column %s; its first row names the columns: site_code,city,state,zone,kind", strings.Join(missing, ", "))
	}
	return columns, nil
}

// siteFields gives the fields of one record by column name.
type siteFields struct {
	columns map[string]int
	record  []string
}

func (f siteFields) get(column string) string {
	i, ok := f.columns[column]
	if !ok || i >= len(f.record) {
		return ""
	}
	return strings.TrimSpace(f.record[i])
}

// number reads a whole number from 1 to most, or gives missing for an empty field.
func (f siteFields) number(column string, most, missing int) (int, error) {
	text := f.get(column)
	if text == "" {
		return missing, nil
	}
	n, ok := digits(text, 1, 9)
	if !ok || n < 1 || n > most {
		return 0, fmt.Errorf("%s: write a whole number from 1 to %d, such as %d", column, most, missing)
	}
	return n, nil
}

// degrees reads a coordinate of at most the given size; empty is 0.
func (f siteFields) degrees(column string, most float64) (float64, error) {
	text := f.get(column)
	if text == "" {
		return 0, nil
	}
	x, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(x) || math.Abs(x) > most {
		return 0, fmt.Errorf("%s: write degrees from -%g to %g, such as 41.9", column, most, most)
	}
	return x, nil
}

func readSite(f siteFields) SiteRow {
	var faults []error
	fault := func(err error) {
		if err != nil {
			faults = append(faults, err)
		}
	}
	s := Site{
		Code: strings.ToUpper(f.get("site_code")), City: f.get("city"), State: strings.ToUpper(f.get("state")),
		Zone: f.get("zone"), Kind: strings.ToLower(f.get("kind")),
	}
	if len(s.Code) != 3 || strings.Trim(s.Code, letters) != "" {
		fault(errors.New("site_code: write three letters, such as XAA"))
	}
	if s.City == "" && s.State == "" {
		fault(errors.New("city: write the city, or at least the state"))
	}
	if s.State != "" && stateName(s.State) == "" {
		fault(errors.New("state: write the two letters of a state or territory, such as IL"))
	}
	if _, err := zone(s.Zone); err != nil {
		fault(fmt.Errorf("zone: %w", err))
	}
	if s.Kind == "" {
		fault(errors.New("kind: write fixed for a site that people may choose, or another word"))
	}
	var err error
	s.Hours, err = readSiteHours(f)
	fault(err)
	s.VisitMinutes, err = f.number("visit_minutes", 240, defaultVisitMinutes)
	fault(err)
	s.Seats, err = f.number("seats", 1000, defaultSeats)
	fault(err)
	s.Lat, err = f.degrees("lat", 90)
	fault(err)
	s.Lon, err = f.degrees("lon", 180)
	fault(err)
	return SiteRow{Site: s, Err: errors.Join(faults...)}
}

func readSiteHours(f siteFields) (Hours, error) {
	text := f.get("hours")
	if text == "" {
		text = defaultHours
	}
	h, err := ParseHours(text)
	if err != nil {
		return Hours{}, fmt.Errorf("hours: %w", err)
	}
	if h.Closes-h.Opens < lastStart {
		return Hours{}, errors.New("hours: the last visit starts one hour before closing, so write a span of at least one hour, such as Mon-Fri 08:00-16:00")
	}
	return h, nil
}
