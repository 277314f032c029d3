package importer

import (
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"maillon/qms"
)

// named is what the name of a file says beside its code and its title.
type named struct {
	rest    string   // the name without what is below and without marks of copies
	version string   // "2.1"; empty when none is said
	day     qms.Date // none when none is said, or several are
}

// The marks that names carry. Digits are those of ASCII: what other digits mean is not guessed.
var (
	copyMark    = regexp.MustCompile(`(?i)(?:^(?:copie|copy)(?: \(\d{1,3}\))? (?:de|d'|d’|of) ?|[ ._-]*\((?:copie|copy|copie \d{1,3}|copy \d{1,3}|\d{1,3})\)$|[ ._-]+(?:copie|copy)(?: \d{1,3})?$)`)
	closingMark = regexp.MustCompile(`(?i)[ ._-]+\(?(?:final|finale|définitif|definitif|signé|signe|signed|approuvé|approuve|approved|validé|valide|vf)\)?$`)
	isoDay      = regexp.MustCompile(`(?:^|[^0-9])((?:19|20)[0-9]{2})(?:-([0-9]{2})-|_([0-9]{2})_|\.([0-9]{2})\.|([0-9]{2}))([0-9]{2})(?:[^0-9]|$)`)
	frenchDay   = regexp.MustCompile(`(?:^|[^0-9])([0-9]{2})(?:-([0-9]{2})-|_([0-9]{2})_|\.([0-9]{2})\.)((?:19|20)[0-9]{2})(?:[^0-9]|$)`)
	versionIn   = regexp.MustCompile(`(?i)(?:^|[ ._(\[-])(?:version|vers|ver|v|révision|revision|rév|rev|indice|ind)[ ._-]{0,2}([0-9]{1,3}(?:[._,][0-9]{1,3})?)(?:[ ._)\]-]|$)`)
)

// maxMarks is how many marks one name may end with.
const maxMarks = 8

// readName reads what the name of a file says.
func readName(file string) named {
	n := named{rest: strings.TrimSpace(stem(file))}
	n.peel()
	n.readDay()
	n.peel()
	n.readVersion()
	n.peel()
	n.rest = strings.Trim(n.rest, " ._-–—()[]")
	return n
}

// peel takes the marks of copies and of what was signed off from both ends.
func (n *named) peel() {
	for range maxMarks {
		trimmed := strings.TrimRight(closingMark.ReplaceAllString(copyMark.ReplaceAllString(n.rest, ""), ""), " ._-(")
		if trimmed == n.rest || trimmed == "" {
			return
		}
		n.rest = trimmed
	}
}

// readDay takes the day out of the name, when it says one that exists. Of two it is not known which
// is meant.
func (n *named) readDay() {
	var days []qms.Date
	var at []int
	for _, form := range []struct {
		day      *regexp.Regexp
		y, m, d  int // groups; m the first of those for the month
		last     int // the group that the day ends with
		separate int // how many groups there are for the month
	}{{isoDay, 1, 2, 6, 6, 4}, {frenchDay, 5, 2, 1, 5, 3}} {
		for from := 0; len(days) < 2; {
			found := form.day.FindStringSubmatchIndex(n.rest[from:])
			if found == nil {
				break
			}
			for i := range found {
				if found[i] >= 0 {
					found[i] += from
				}
			}
			from = found[2*form.last+1]
			if d := dayOf(n.group(found, form.y, 1), n.group(found, form.m, form.separate), n.group(found, form.d, 1)); d != 0 {
				days, at = append(days, d), []int{found[2], from}
			}
		}
	}
	if len(days) == 1 {
		n.day = days[0]
		n.rest = n.rest[:at[0]] + " " + n.rest[at[1]:]
	}
}

// group is the first of so many groups that matched.
func (n *named) group(found []int, first, count int) string {
	for g := first; g < first+count; g++ {
		if found[2*g] >= 0 {
			return n.rest[found[2*g]:found[2*g+1]]
		}
	}
	return ""
}

func dayOf(year, month, day string) qms.Date {
	y, errY := strconv.Atoi(year)
	m, errM := strconv.Atoi(month)
	d, errD := strconv.Atoi(day)
	if errY != nil || errM != nil || errD != nil {
		return 0
	}
	return qms.NewDate(y, time.Month(m), d)
}

// readVersion takes the last version that the name says out of it.
func (n *named) readVersion() {
	all := versionIn.FindAllStringSubmatchIndex(n.rest, -1)
	if len(all) == 0 {
		return
	}
	found := all[len(all)-1]
	number, wrong := readVersion(strings.NewReplacer("_", ".", ",", ".").Replace(n.rest[found[2]:found[3]]))
	if wrong != "" {
		return
	}
	n.version = number
	n.rest = n.rest[:found[0]] + " " + n.rest[found[1]:]
}

// isOld reports whether the file lies in a folder of old versions, or is called one.
func (r *Rules) isOld(file string) bool {
	for folder := range strings.SplitSeq(path.Dir(file), "/") {
		if r.oldFolder(folder) {
			return true
		}
	}
	words := strings.Fields(spelled(stem(file)))
	for _, w := range r.oldWords() {
		if last := strings.Fields(w); len(words) > len(last) && slices.Equal(words[len(words)-len(last):], last) {
			return true
		}
	}
	return false
}

// oldFolder reports whether a folder holds old versions.
func (r *Rules) oldFolder(folder string) bool { return slices.Contains(r.oldWords(), spelled(folder)) }

// oldWords are the names of such folders; rules of a site that say nothing of it have the default ones.
func (r *Rules) oldWords() []string {
	if r.Old == nil && r != DefaultRules() {
		return DefaultRules().Old
	}
	return r.Old
}
