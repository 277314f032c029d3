package qms

// Due is one thing that falls due. Every room has a pure function that lists its own.
type Due struct {
	Key      string // stable for one obligation, whatever day it is asked on
	Kind     string // "review", "training", "calibration", ...: due.KIND names it in qms/locale
	Platform ID
	Subject  ID     // the record it is about
	Title    string // how people call the subject
	On       Date
	Person   ID // who is concerned; empty for the platform as a whole
}
