package words

import (
	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/french"
)

// stemmer takes words back to their stems, by Snowball's rules.
type stemmer struct{ env *snowballstem.Env }

func newStemmer() stemmer { return stemmer{snowballstem.NewEnv("")} }

func (s stemmer) french(word string) string {
	s.env.SetCurrent(word)
	french.Stem(s.env)
	return orWord(s.env.Current(), word)
}

func (s stemmer) english(word string) string {
	s.env.SetCurrent(word)
	english.Stem(s.env)
	return orWord(s.env.Current(), word)
}

// orWord keeps a word of which the rules leave nothing.
func orWord(stem, word string) string {
	if stem == "" {
		return word
	}
	return stem
}
