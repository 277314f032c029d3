package words

import "strings"

// language is French, English, or both as far as can be told.
type language byte

const (
	inFrench language = 1 << iota
	inEnglish
	inBoth = inFrench | inEnglish
)

// littleWords are the words that tell a language, and that every text of it has. Elided ones stand
// without their apostrophe, as they are cut.
var littleWords = listed(
	`le la les l un une des du de d au aux et ou où à en dans par pour sur sous avec sans ce c cet cette ces se s son sa ses leur leurs
	 qui que qu quoi dont il ils elle elles on nous vous je j me m te t ne n pas est sont été être etre ete ont avoir fait être y si
	 mais donc or ni car comme plus entre vers chez après avant lors ainsi aussi afin tout toute tous toutes même autre autres notre nos votre vos`,
	`the a an of to in on at by for from with without and or but nor not is are was were be been being has have had do does did
	 this that these those it its he she they we you i his her their our your which who whom whose what when where how if then than
	 as so such into onto over under about between through during before after all any each every other some no only own same too very
	 will would shall should can could may might must`)

func listed(frenchWords, englishWords string) map[string]language {
	all := map[string]language{}
	for _, w := range strings.Fields(frenchWords) {
		all[Fold(w)] |= inFrench
	}
	for _, w := range strings.Fields(englishWords) {
		all[w] |= inEnglish
	}
	return all
}

// balance is the number of French little words less that of English ones.
type balance int

func (b *balance) count(l *Lemma) {
	switch l.little {
	case inFrench:
		*b++
	case inEnglish:
		*b--
	}
}

// language is what the little words tell; otherwise when they tell nothing.
func (b balance) language(otherwise language) language {
	switch {
	case b > 0:
		return inFrench
	case b < 0:
		return inEnglish
	}
	return otherwise
}
