package importer

import (
	"strings"
	"testing"
	"time"

	"maillon/qms"
)

func TestReadDate_ReadsWhatRegistersHold(t *testing.T) {
	t.Parallel()
	cases := []struct {
		cell string
		kind serial
		want string
	}{
		{"03/04/2023", noSerial, "2023-04-03"},
		{"3/4/2023", noSerial, "2023-04-03"},
		{"2023-04-03", noSerial, "2023-04-03"},
		{" 03.04.2023 ", noSerial, "2023-04-03"},
		{"\u00a003-04-2023\u202f", noSerial, "2023-04-03"},
		{"2023/4/3", noSerial, "2023-04-03"},
		{"2023-04-03T00:00:00", noSerial, "2023-04-03"},
		{"2023-04-03 14:30:05", noSerial, "2023-04-03"},
		{"03/04/2023 14:30", noSerial, "2023-04-03"},
		{"20230403", noSerial, "2023-04-03"},
		{"20230403", serial1900, "2023-04-03"},
		{"3 avril 2023", noSerial, "2023-04-03"},
		{"lundi 3 avril 2023", noSerial, "2023-04-03"},
		{"1er août 2023", noSerial, "2023-08-01"},
		{"3-févr.-2023", noSerial, "2023-02-03"},
		{"3 April 2023", noSerial, "2023-04-03"},
		{"03/04/23", noSerial, "2023-04-03"},
		{"03/04/95", noSerial, "1995-04-03"},
		{"45019", serial1900, "2023-04-03"},
		{"45019.6041666667", serial1900, "2023-04-03"},
		{"43557", serial1904, "2023-04-03"},
		{"29/02/2024", noSerial, "2024-02-29"},
	}
	for _, c := range cases {
		got, key := readDate(c.cell, dateRules{Min: qms.MustDate("1990-01-01"), Max: qms.MustDate("2100-12-31"), Serial: c.kind})
		if key != "" || got.String() != c.want {
			t.Errorf("%q is read as %q %s, want %s", c.cell, got, key, c.want)
		}
	}
}

func TestReadDate_RefusesWhatIsNone(t *testing.T) {
	t.Parallel()
	rules := dateRules{Min: qms.MustDate("1990-01-01"), Max: qms.MustDate("2100-12-31"), Serial: serial1900}
	cases := []struct{ cell, want string }{
		{"31/06/2023", "import.date.impossible"},
		{"29/02/2023", "import.date.impossible"},
		{"12/31/2023", "import.date.impossible"},
		{"00/01/2023", "import.date.impossible"},
		{"03/04/0202", "import.date.out_of_range"},
		{"0202-04-03", "import.date.out_of_range"},
		{"31/12/1989", "import.date.out_of_range"},
		{"01/01/2101", "import.date.out_of_range"},
		{"60", "import.date.impossible"},
		{"999999999", "import.date.out_of_range"},
		{"-3", "import.date.unreadable"},
		{"3 brumaire 2023", "import.date.unreadable"},
		{"avril 2023", "import.date.unreadable"},
		{"oui", "import.date.unreadable"},
		{"03/04/20233", "import.date.unreadable"},
		{"#REF!", "import.date.unreadable"},
		{"à venir", "import.date.unreadable"},
	}
	for _, c := range cases {
		if got, key := readDate(c.cell, rules); key != c.want || got != 0 {
			t.Errorf("%q is read as %q %q, want %s", c.cell, got, key, c.want)
		}
	}
	rules.Serial = noSerial
	if _, key := readDate("45019", rules); key != "import.date.unreadable" {
		t.Errorf("a number in a text file is read as a date: %q", key)
	}
}

func TestReadMoney_ReadsAmounts(t *testing.T) {
	t.Parallel()
	cases := map[string]qms.Money{
		"1 250,50 €": 125050, "1\u202f250,50\u00a0€": 125050, "1\u2009250,50": 125050, "1250,5": 125050, "1250.5": 125050,
		"1.250,50": 125050, "1,250.50": 125050, "1 250": 125000, "1.250.000": 125000000, "2364.6500000000001": 236465,
		"1’250.00": 125000, "7063.91": 706391,
	}
	for cell, want := range cases {
		if got, key := readMoney(cell); key != "" || got != want {
			t.Errorf("%q is read as %s %s, want %s", cell, got, key, want)
		}
	}
}

func TestReadMoney_RefusesWhatIsNone(t *testing.T) {
	t.Parallel()
	cases := map[string]string{
		"": "import.money.unreadable", "gratuit": "import.money.unreadable", "1.250": "import.money.ambiguous",
		"1,250": "import.money.ambiguous", "1250,505": "import.money.too_fine", "12 50": "import.money.unreadable",
		"1 2345": "import.money.unreadable", "1..2": "import.money.unreadable", "12 $": "import.money.unreadable",
		"99999999999999999999": "import.money.unreadable", "1e5": "import.money.unreadable", "--1": "import.money.unreadable",
		"2114.6533333333333": "import.money.too_fine",
	}
	for cell, want := range cases {
		if got, key := readMoney(cell); key != want || got != 0 {
			t.Errorf("%q is read as %s %q, want %s", cell, got, key, want)
		}
	}
}

func TestReadHours_ReadsDurations(t *testing.T) {
	t.Parallel()
	cases := []struct {
		cell string
		unit time.Duration
		want time.Duration
	}{
		{"3,5", time.Hour, 210 * time.Minute}, {"3.5", time.Hour, 210 * time.Minute}, {" 4 ", time.Hour, 4 * time.Hour},
		{"3h30", time.Hour, 210 * time.Minute}, {"3 h 30", time.Hour, 210 * time.Minute}, {"3:30", time.Hour, 210 * time.Minute},
		{"2 h", time.Hour, 2 * time.Hour}, {"90", time.Minute, 90 * time.Minute}, {"0,25", time.Hour, 15 * time.Minute},
	}
	for _, c := range cases {
		if got, key := readHours(c.cell, c.unit); key != "" || got != c.want {
			t.Errorf("%q is read as %s %s, want %s", c.cell, got, key, c.want)
		}
	}
	for _, cell := range []string{"une heure", "-3", "3h75", "1e9", "", "NaN"} {
		if got, key := readHours(cell, time.Hour); key == "" {
			t.Errorf("%q is read as %s", cell, got)
		}
	}
}

func TestReadMonths_ReadsValidities(t *testing.T) {
	t.Parallel()
	cases := []struct {
		cell string
		unit int
		want qms.Months
	}{
		{"12", 1, 12}, {"12 mois", 1, 12}, {"2 ans", 1, 24}, {"1 an", 1, 12}, {"1,5 an", 1, 18}, {"2", 12, 24},
		{"", 1, 0}, {"illimitée", 1, 0}, {"Sans limite", 1, 0}, {"24.0", 1, 24},
	}
	for _, c := range cases {
		if got, key := readMonths(c.cell, c.unit); key != "" || got != c.want {
			t.Errorf("%q is read as %d %s, want %d", c.cell, got, key, c.want)
		}
	}
	for _, cell := range []string{"douze", "0", "-12", "12,5", "5000", "12 jours"} {
		if got, key := readMonths(cell, 1); key == "" {
			t.Errorf("%q is read as %d", cell, got)
		}
	}
}

func TestReadVersion_ReadsANumberAsAVersion(t *testing.T) {
	t.Parallel()
	cases := map[string]string{"1": "1.0", "1.0": "1.0", "1,0": "1.0", " 2.1 ": "2.1", "V3": "3.0", "v 3.2": "3.2",
		"version 4": "4.0", "Indice 2": "2.0", "2.1000000000000001": "2.1", "01.00": "1.0", "2.10": "2.10"}
	for cell, want := range cases {
		if got, key := readVersion(cell); key != "" || got != want {
			t.Errorf("%q is read as %q %s, want %s", cell, got, key, want)
		}
	}
	for _, cell := range []string{"A", "1.2.3", "", "un"} {
		if got, key := readVersion(cell); key == "" {
			t.Errorf("%q is read as %q", cell, got)
		}
	}
}

func TestReadCode_IgnoresCaseSpacesAndDashes(t *testing.T) {
	t.Parallel()
	for _, cell := range []string{"eq-053", " EQ-053 ", "Eq–053", "EQ - 053", "\u00a0eq\u2011053\u200b"} {
		if got := readCode(cell); got != "EQ-053" {
			t.Errorf("%q is read as %q", cell, got)
		}
	}
}

func TestReadYesNoAndOutcome(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]bool{"oui": true, "Non": false, "VRAI": true, "": false, "x": true, "1": true, "no": false} {
		if got, key := readYesNo(cell); key != "" || got != want {
			t.Errorf("%q is read as %v %s", cell, got, key)
		}
	}
	for cell, want := range map[string]bool{"conforme": true, "Non conforme": false, "NON-CONFORME": false, "Hors tolérance": false, "OK": true} {
		if got, key := readOutcome(cell); key != "" || got != want {
			t.Errorf("%q is read as %v %s", cell, got, key)
		}
	}
	if _, key := readYesNo("peut-être"); key == "" {
		t.Error("peut-être is an answer")
	}
	if _, key := readOutcome("à voir"); key == "" {
		t.Error("à voir is an outcome")
	}
}

// FuzzCells feeds any cell to every reader: none may panic, and what is read must be within bounds.
func FuzzCells(f *testing.F) {
	for _, s := range []string{"03/04/2023", " 03.04.2023 ", "1\u202f250,50 €", "3h30", "12 mois", "v1.0", "oui", "45019.5", "1.2.3.4", ":", "-", "\xff", "1er avril 2023"} {
		f.Add(s)
	}
	rules := dateRules{Min: qms.MustDate("1990-01-01"), Max: qms.MustDate("2100-12-31"), Serial: serial1900}
	f.Fuzz(func(t *testing.T, s string) {
		if d, key := readDate(s, rules); key == "" && (d < rules.Min || d > rules.Max) {
			t.Errorf("date %q is %s", s, d)
		}
		if m, key := readMoney(s); key == "" {
			if again, key := readMoney(m.String()); key == "" && again != m {
				t.Errorf("amount %q is %s, then %s", s, m, again)
			}
		}
		if d, key := readHours(s, time.Hour); key == "" && d < 0 {
			t.Errorf("duration %q is %s", s, d)
		}
		if n, key := readMonths(s, 1); key == "" && (n < 0 || n > 1200) {
			t.Errorf("months %q is %d", s, n)
		}
		if v, key := readVersion(s); key == "" {
			if again, key := readVersion(v); key != "" || again != v {
				t.Errorf("version %q is %q, then %q", s, v, again)
			}
		}
		if c := readCode(s); readCode(c) != c || strings.TrimSpace(c) != c {
			t.Errorf("code %q is %q, then %q", s, c, readCode(c))
		}
		readYesNo(s)
		readOutcome(s)
		recognise(s, strings.Split(s, ";"))
	})
}
