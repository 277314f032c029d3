package text

import "time"

// WaitLonger lets a file take as long as the tests of a busy machine need.
func WaitLonger() { patience = 5 * time.Minute }
