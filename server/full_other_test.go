//go:build !linux

package main

import "os"

func shrink(string) { os.Exit(cannotShrink) }
