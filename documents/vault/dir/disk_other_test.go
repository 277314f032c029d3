//go:build !linux

package dir_test

// diskMain has no small disk to make on this system.
func diskMain() {}
