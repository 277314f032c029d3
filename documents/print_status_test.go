package documents

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"maillon/qms"
)

func TestStatusOf_SaysOnlyWhetherThePrintIsInForce(t *testing.T) {
	prints(t, func(r room, p *paper) {
		nobody := context.Background()
		d, one := r.create("PR", "ACH", "Achats", "first")
		r.approve(one, r.db.Today().AddDays(2))
		says := func(what string, v *Version, want bool) {
			t.Helper()
			got, err := r.StatusOf(nobody, r.rendition(v).Token)
			r.must(err)
			if want := (PrintStatus{AsOf: r.db.Today(), InForce: want}); *got != want {
				t.Errorf("%s: %+v, want %+v", what, *got, want)
			}
		}
		says("to come", one, false)
		r.days(2)
		says("in force", one, true)
		printed := r.rendition(one).Token
		two := r.next(d, "second")
		r.approve(two, 0)
		says("superseded", one, false)
		r.pdf(one) // makes the marked one, with another token
		if got, err := r.StatusOf(nobody, printed); err != nil || got.InForce {
			t.Errorf("the paper of before: %+v, %v", got, err)
		}
		_, err := r.Withdraw(lead, Withdraw{Platform: mic, Version: two.ID, Reason: "wrong"})
		r.must(err)
		says("withdrawn", two, false)
		for _, token := range []string{"", "x", strings.Repeat("A", 26), strings.Repeat("\x00", 26), strings.Repeat("é", 13), "' OR 1=1 --               "} {
			_, err = r.StatusOf(nobody, token)
			r.refused(fmt.Sprintf("the token %q", token), err, qms.CodeNotFound, "print.unknown")
		}
		for name, who := range map[string]context.Context{"of elsewhere": stranger, "whom it is not addressed to": trainee} {
			if got, err := r.StatusOf(who, printed); err != nil || got.Code != "" || got.Platform != "" {
				t.Errorf("for somebody %s: %+v, %v", name, got, err)
			}
		}
		if got, err := r.StatusOf(reader, printed); err != nil || got.Code != d.Code || got.Platform != mic {
			t.Errorf("for a reader: %+v, %v", got, err)
		}
	})
}
