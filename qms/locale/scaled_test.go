package locale

import "testing"

func TestScaled_WritesNoMoreDecimalsThanItNeeds(t *testing.T) {
	t.Parallel()
	fr, en := For(French), For(English)
	for n, want := range map[int64][2]string{0: {"0", "0"}, 2500: {"2,5", "2.5"}, 1_250_000: {"1\u202f250", "1,250"}, 5: {"0,005", "0.005"}, -500: {"\u22120,5", "\u22120.5"}} {
		if got := [2]string{fr.Scaled(n, 3), en.Scaled(n, 3)}; got != want {
			t.Errorf("%d thousandths are %q, want %q", n, got, want)
		}
	}
	if got := fr.Hundredths(550) + " " + en.Hundredths(2000); got != "5,5\u00a0% 20%" {
		t.Errorf("percents are %q", got)
	}
}
