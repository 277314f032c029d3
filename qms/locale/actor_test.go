package locale

import "testing"

func TestSystemActor_HasANameInEveryLanguageAndStrangersKeepTheirs(t *testing.T) {
	t.Parallel()
	for _, language := range Languages() {
		say := For(language)
		for _, name := range []string{"printer", "scheduler", "public form", "witness"} {
			if said := say.SystemActor(name); said == "" || said == name && language == French {
				t.Errorf("%s: %s is called %q", language, name, said)
			}
		}
		if said := say.SystemActor("root"); said != "root" {
			t.Errorf("%s: a name of the machine is called %q", language, said)
		}
	}
}
