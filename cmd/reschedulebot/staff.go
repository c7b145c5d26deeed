package main

import "strings"

// byFlag says who uses a command, for the record.
type byFlag struct {
	By string `name:"by" var:"USER" placeholder:"NAME" help:"Who does this, for the record."`
}

// name is who it is, or else the command line in general.
func (f byFlag) name() string {
	if name := strings.TrimSpace(f.By); name != "" {
		return name
	}
	return "command line"
}
