package locale

import (
	"strconv"
	"strings"
)

// Scaled writes n thousandths, hundredths... (digits of them) exactly, with no more decimals than it
// needs: 2500 thousandths are 2,5 or 2.5.
func (p *Printer) Scaled(n int64, digits int) string {
	unit := int64(1)
	for range digits {
		unit *= 10
	}
	decimals := strconv.FormatInt(unit+abs(n%unit), 10)[1:]
	text := p.Number(n / unit)
	if n < 0 && n/unit == 0 {
		text = "\u2212" + text
	}
	if decimals = strings.TrimRight(decimals, "0"); decimals == "" {
		return text
	}
	if p.lang == French {
		return text + "," + decimals
	}
	return text + "." + decimals
}

// Hundredths writes hundredths of percent: 550 is 5,5 %, 5.5%.
func (p *Printer) Hundredths(n int64) string {
	if p.lang == French {
		return p.Scaled(n, 2) + space + "%"
	}
	return p.Scaled(n, 2) + "%"
}

func abs(n int64) int64 {
	if n < 0 {
		return -n
	}
	return n
}
