package scheduling

// stateName is the English name of a state or territory by its two letters, ""
// if there is none. MP is what USCIS writes for the Northern Marianas.
func stateName(abbreviation string) string {
	for _, s := range states {
		if s.abbreviation == abbreviation {
			return s.name
		}
	}
	return ""
}

var states = [...]struct{ abbreviation, name string }{
	{"AK", "Alaska"}, {"AL", "Alabama"}, {"AR", "Arkansas"}, {"AS", "American Samoa"}, {"AZ", "Arizona"},
	{"CA", "California"}, {"CO", "Colorado"}, {"CT", "Connecticut"}, {"DC", "District of Columbia"},
	{"DE", "Delaware"}, {"FL", "Florida"}, {"GA", "Georgia"}, {"GU", "Guam"}, {"HI", "Hawaii"},
	{"IA", "Iowa"}, {"ID", "Idaho"}, {"IL", "Illinois"}, {"IN", "Indiana"}, {"KS", "Kansas"},
	{"KY", "Kentucky"}, {"LA", "Louisiana"}, {"MA", "Massachusetts"}, {"MD", "Maryland"}, {"ME", "Maine"},
	{"MI", "Michigan"}, {"MN", "Minnesota"}, {"MO", "Missouri"}, {"MP", "Northern Mariana Islands"},
	{"MS", "Mississippi"}, {"MT", "Montana"}, {"NC", "North Carolina"}, {"ND", "North Dakota"},
	{"NE", "Nebraska"}, {"NH", "New Hampshire"}, {"NJ", "New Jersey"}, {"NM", "New Mexico"},
	{"NV", "Nevada"}, {"NY", "New York"}, {"OH", "Ohio"}, {"OK", "Oklahoma"}, {"OR", "Oregon"},
	{"PA", "Pennsylvania"}, {"PR", "Puerto Rico"}, {"RI", "Rhode Island"}, {"SC", "South Carolina"},
	{"SD", "South Dakota"}, {"TN", "Tennessee"}, {"TX", "Texas"}, {"UT", "Utah"}, {"VA", "Virginia"},
	{"VI", "U.S. Virgin Islands"}, {"VT", "Vermont"}, {"WA", "Washington"}, {"WI", "Wisconsin"},
	{"WV", "West Virginia"}, {"WY", "Wyoming"},
}
