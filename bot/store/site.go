package store

import (
	"math"

	"reschedulebot/scheduling"
)

const (
	selectSites = `SELECT code, city, state, zone, kind, hours, visit_minutes, seats, latitude, longitude FROM sites`
	upsertSite  = `INSERT INTO sites (code, city, state, zone, kind, hours, visit_minutes, seats, latitude, longitude, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT (code) DO UPDATE SET city = excluded.city, state = excluded.state, zone = excluded.zone, kind = excluded.kind,
			hours = excluded.hours, visit_minutes = excluded.visit_minutes, seats = excluded.seats,
			latitude = excluded.latitude, longitude = excluded.longitude, updated_at = excluded.updated_at`
)

// What PutSite did.
const (
	Created   = "created"
	Updated   = "updated"
	Unchanged = "unchanged"
)

// knownSites are the sites as they were under a version in meta. A version is
// never used twice, so one that was rolled back is never met again.
type knownSites struct {
	version string
	sites   scheduling.Sites
}

// Sites are the built-in sites, with those that were imported added or in their
// place. They are read once for each version: other processes import too.
func (t *Tx) Sites() scheduling.Sites {
	if t.sites != nil {
		return t.sites.sites
	}
	version := t.meta(metaSites)
	known := t.s.sites.Load()
	if known == nil || known.version != version {
		known = &knownSites{version, t.s.o.Sites.With(t.importedSites()...)}
		if t.err != nil {
			return t.s.o.Sites
		}
		t.s.sites.Store(known)
	}
	t.sites = known
	return known.sites
}

// PutSite adds a site or changes one, and answers Created, Updated or Unchanged.
// When its zone changes, its appointments keep their wall times and their
// instants are computed again.
func (t *Tx) PutSite(s scheduling.Site) string {
	old, known := t.Sites().Find(s.Code)
	if known && s.Lat == 0 && s.Lon == 0 && s.City == old.City {
		s.Lat, s.Lon = old.Lat, old.Lon
	}
	if known && sameSite(old, s) {
		return Unchanged
	}
	t.exec("write a site", upsertSite, s.Code, s.City, s.State, s.Zone, s.Kind, s.Hours.String(), s.VisitMinutes, s.Seats,
		microdegrees(s.Lat), microdegrees(s.Lon), t.now.UnixMilli())
	t.setMeta(metaSites, t.newID())
	t.sites = nil
	if !known {
		return Created
	}
	if old.Zone != s.Zone {
		t.rezoneSite(s.Code)
	}
	return Updated
}

func (t *Tx) importedSites() []scheduling.Site {
	var out []scheduling.Site
	t.each("read the sites", selectSites, nil, func(scan func(...any)) {
		var s scheduling.Site
		var hours string
		var lat, lon int64
		scan(&s.Code, &s.City, &s.State, &s.Zone, &s.Kind, &hours, &s.VisitMinutes, &s.Seats, &lat, &lon)
		s.Lat, s.Lon = float64(lat)/1e6, float64(lon)/1e6
		var err error
		if s.Hours, err = scheduling.ParseHours(hours); err != nil {
			t.fail("read the hours of a site", err)
		}
		out = append(out, s)
	})
	return out
}

func sameSite(a, b scheduling.Site) bool {
	return a.Code == b.Code && a.City == b.City && a.State == b.State && a.Zone == b.Zone && a.Kind == b.Kind && a.Hours == b.Hours &&
		a.VisitMinutes == b.VisitMinutes && a.Seats == b.Seats &&
		microdegrees(a.Lat) == microdegrees(b.Lat) && microdegrees(a.Lon) == microdegrees(b.Lon)
}

func microdegrees(degrees float64) int64 { return int64(math.Round(degrees * 1e6)) }

// siteIn finds a site in a list and puts it in the zone that something was
// booked in, if given. One that is no longer in the list has its code for a name.
func siteIn(sites scheduling.Sites, code, zone string) scheduling.Site {
	s, ok := sites.Find(code)
	if !ok {
		s = scheduling.Site{Code: code, City: code, Kind: "gone"}
	}
	if zone != "" {
		s.Zone = zone
	}
	return s
}
