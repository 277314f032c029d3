package pack

// ProcessBand is one band of the process map.
type ProcessBand struct {
	Title string
	Boxes []ProcessBox
}

// ProcessBox is one process of the map.
type ProcessBox struct {
	Code    string
	Name    string
	Owner   string // in words where nobody is
	InForce int    // documents in force
	State   string // valid, or incoherent where something is wanting
}
