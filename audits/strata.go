package audits

import (
	"cmp"
	"slices"

	"maillon/qms"
)

// StrataBy says by what a population is parted before it is drawn from. The words stand in the name of
// each stratum, in this order.
type StrataBy string

// The ways to part a population. Uses have no client status.
const (
	NoStrata         StrataBy = ""
	ByYear           StrataBy = "year"
	ByStatus         StrataBy = "client-status"
	ByYearAndClients StrataBy = "year,client-status"
)

// StrataWays lists the ways in the order in which they are offered.
func StrataWays() []StrataBy { return []StrataBy{NoStrata, ByYear, ByStatus, ByYearAndClients} }

// unstated is the name of a stratum whose client status nobody stated.
const unstated = "-"

// name is the stratum of an item of that day and client status: "2025", "academic", "2025 academic".
func (b StrataBy) name(on qms.Date, status string) string {
	year := on.String()[:4]
	status = cmp.Or(status, unstated)
	switch b {
	case ByYear:
		return year
	case ByStatus:
		return status
	case ByYearAndClients:
		return year + " " + status
	}
	return ""
}

// ExerciseStratum is one stratum of a draw as it was recorded.
type ExerciseStratum struct {
	qms.Row
	Exercise         qms.ID
	Position         int64 // 1 for the first, in byte order of the names
	Name             string
	PopulationSize   int64
	PopulationDigest string // the list is in the vault under it
	Drawn            int64
}

// TableName is where bun keeps strata: the word has a plural of its own.
func (ExerciseStratum) TableName() string { return "exercise_strata" }

// Allocate splits n items over strata of these sizes. First each stratum that holds anything gets one,
// when n is enough for that. The rest is split in proportion to what is left of each stratum, by the
// largest remainder: each gets the whole part of its share, and the items left over go to the largest
// remainders; of equal ones to the larger stratum, then to the first. No stratum gets more than it
// holds; all are taken whole when n is not less than their sum.
func Allocate(n int, sizes []int) []int {
	given := make([]int, len(sizes))
	total, filled := 0, 0
	for _, size := range sizes {
		total += size
		if size > 0 {
			filled++
		}
	}
	if n = max(0, min(n, total)); n == 0 {
		return given
	}
	base := 0
	if n >= filled {
		base = 1
	}
	weight := func(i int) int { return max(0, sizes[i]-base) }
	rest, left := n-base*filled, total-base*filled
	order := make([]int, 0, len(sizes))
	over := rest
	for i, size := range sizes {
		if size == 0 {
			continue
		}
		given[i] = base
		if left > 0 {
			given[i] += rest * weight(i) / left
			over -= rest * weight(i) / left
		}
		order = append(order, i)
	}
	slices.SortStableFunc(order, func(a, b int) int {
		if left > 0 {
			if c := cmp.Compare(rest*weight(b)%left, rest*weight(a)%left); c != 0 {
				return c
			}
		}
		return cmp.Compare(sizes[b], sizes[a])
	})
	for _, i := range order[:over] {
		given[i]++
	}
	return given
}

// stratum is one part of a population, and what was drawn of it.
type stratum struct {
	name       string
	population Population
	drawn      []Drawn
}

// draw draws n items, from the strata in byte order of their names, each by the same rule.
func draw(strata []stratum, seed string, kind Kind, n int) {
	sizes := make([]int, len(strata))
	for i, s := range strata {
		sizes[i] = s.population.Size()
	}
	for i, n := range Allocate(n, sizes) {
		strata[i].drawn = strata[i].population.Draw(seed, kind, n)
	}
}
