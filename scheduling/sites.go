package scheduling

import (
	"bytes"
	"cmp"
	_ "embed"
	"slices"
	"strings"
	"sync"
)

// Sites is a list of sites, in the order of their codes. It never changes once
// made, so it may be shared. The zero value is empty.
type Sites struct {
	list []Site
}

//go:embed asc-sites.csv
var sitesCSV []byte

var builtinSites = sync.OnceValue(func() Sites {
	rows, err := ReadSites(bytes.NewReader(sitesCSV))
	if err != nil {
		panic(err) // the file is part of the program
	}
	var sites []Site
	for _, row := range rows {
		if row.Err != nil {
			panic(row.Err)
		}
		sites = append(sites, row.Site)
	}
	return Sites{}.With(sites...)
})

// BuiltinSites are the 152 sites that the program knows by itself, from
// asc-sites.csv: Mon-Fri 08:00-16:00, visits of 20 minutes, 4 seats per start.
// Codes, places and zones are facts; the coordinates are those of the city, good
// enough to tell a near place from a far one.
func BuiltinSites() Sites { return builtinSites() }

// With is the list with these sites added, or put in the place of those with the
// same codes. The original stays as it was.
func (s Sites) With(sites ...Site) Sites {
	byCode := map[string]Site{}
	for _, site := range s.list {
		byCode[site.Code] = site
	}
	for _, site := range sites {
		byCode[site.Code] = site
	}
	list := make([]Site, 0, len(byCode))
	for _, site := range byCode {
		list = append(list, site)
	}
	slices.SortFunc(list, func(a, b Site) int { return cmp.Compare(a.Code, b.Code) })
	markAmbiguous(list)
	return Sites{list}
}

// markAmbiguous finds the sites whose names would be the same as another's. One
// that is offered keeps its short name beside one that is not.
func markAmbiguous(list []Site) {
	offered, all := map[string]int{}, map[string]int{}
	for i := range list {
		list[i].ambiguous = false
		name := list[i].Name()
		all[name]++
		if list[i].Offered() {
			offered[name]++
		}
	}
	for i := range list {
		name := list[i].Name()
		list[i].ambiguous = offered[name] > 1 || all[name] > 1 && !list[i].Offered()
	}
}

// Find is the site with this code; case and surrounding space do not matter.
func (s Sites) Find(code string) (Site, bool) {
	code = strings.ToUpper(strings.TrimSpace(code))
	i, ok := slices.BinarySearchFunc(s.list, code, func(site Site, code string) int { return cmp.Compare(site.Code, code) })
	if !ok {
		return Site{}, false
	}
	return s.list[i], true
}

// All lists every site, offered or not, by code. The slice is the caller's own.
func (s Sites) All() []Site { return slices.Clone(s.list) }

// Near lists the offered sites other than from, nearest first, by great circle
// between the cities. Those whose distance is unknown come last: first the ones
// in from's time zone, then by name.
func (s Sites) Near(from Site) []Site {
	var near []Site
	for _, site := range s.list {
		if site.Offered() && site.Code != from.Code {
			near = append(near, site)
		}
	}
	sortByDistance(near, from)
	return near
}

func sortByDistance(sites []Site, from Site) {
	away := make(map[string]float64, len(sites))
	for _, site := range sites {
		away[site.Code] = from.kilometres(site)
	}
	slices.SortStableFunc(sites, func(a, b Site) int {
		return cmp.Or(
			cmp.Compare(away[a.Code], away[b.Code]),
			compareTrue(a.Zone == from.Zone, b.Zone == from.Zone),
			cmp.Compare(a.Name(), b.Name()),
			cmp.Compare(a.Code, b.Code),
		)
	})
}

// compareTrue puts what holds before what does not.
func compareTrue(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}
