// Command verify checks an audit pack for an auditor who trusts nobody: it needs neither the site that
// made the pack, nor a database, nor a network, nor any file beside those named.
//
//	verify PACK.zip [--since OLDER.zip] [--key FILE] [--lang fr|en] [--json]
//
// It says of each part of the pack whether it is sound, and of what is wrong where it stands. The exit
// status is 0 when the pack is sound, 1 when it is not, 2 when the command line or a file cannot be read.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"maillon/audits/pack/archive"
	"maillon/qms"
	"maillon/qms/locale"
)

// The statuses that the process ends with.
const (
	sound    = 0
	notSound = 1
	unread   = 2
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr, os.LookupEnv)) } //nolint:forbidigo // it has no settings but the language of the terminal

// run is the process without its globals.
func run(args []string, out, fault io.Writer, env func(string) (string, bool)) int {
	line, err := parse(args)
	if line.lang == "" {
		line.lang = language(env)
	}
	say := locale.For(line.lang)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprintln(out, say.T("verify.help"))
		return sound
	case err != nil:
		fmt.Fprintf(fault, "verify: %s\n\n%s\n", say.Error(err), say.T("verify.help"))
		return unread
	}
	report, err := line.Examine()
	if err != nil {
		fmt.Fprintf(fault, "verify: %s\n", archive.Unread(say, err))
		return unread
	}
	tell := report.Tell
	if line.json {
		tell = report.TellJSON
	}
	switch err := tell(out, say); {
	case err != nil:
		fmt.Fprintf(fault, "verify: %s\n", say.T("verify.untold"))
		return unread
	case !report.Sound():
		return notSound
	}
	return sound
}

// commandLine is what was typed.
type commandLine struct {
	archive.Asked
	lang string
	json bool
}

// parse reads the command line; flags may stand before and after the pack.
func parse(args []string) (commandLine, error) {
	var line commandLine
	flags := flag.NewFlagSet("verify", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&line.Since, "since", "", "")
	flags.StringVar(&line.Key, "key", "", "")
	flags.StringVar(&line.lang, "lang", "", "")
	flags.BoolVar(&line.json, "json", false, "")
	var packs []string
	for {
		if err := flags.Parse(args); err != nil {
			return line, misused(flags, err)
		}
		if flags.NArg() == 0 {
			break
		}
		packs, args = append(packs, flags.Arg(0)), flags.Args()[1:]
	}
	if asked := line.lang; asked != "" && !slices.Contains(locale.Languages(), asked) {
		line.lang = ""
		return line, qms.Invalid("verify.lang_unknown", archive.Printable(asked), strings.Join(locale.Languages(), ", "))
	}
	switch len(packs) {
	case 0:
		return line, qms.Invalid("verify.no_pack_named")
	case 1:
		line.Pack = packs[0]
		return line, nil
	}
	return line, qms.Invalid("verify.packs_named", len(packs))
}

// misused says what is wrong with an option in words of ours; flag has English ones.
func misused(flags *flag.FlagSet, err error) error {
	_, name, named := strings.Cut(err.Error(), ": -")
	switch {
	case errors.Is(err, flag.ErrHelp):
		return err
	case named && flags.Lookup(name) == nil:
		return qms.Invalid("verify.option_unknown", archive.Printable("--"+strings.TrimPrefix(name, "-")))
	case named:
		return qms.Invalid("verify.option_bare", "--"+name)
	}
	return qms.Invalid("verify.option_wrong")
}

// language is that of the terminal, French where it says nothing (POSIX, section 8.2).
func language(env func(string) (string, bool)) string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value, _ := env(name); strings.HasPrefix(strings.ToLower(value), locale.English) {
			return locale.English
		} else if value != "" {
			break
		}
	}
	return locale.French
}
