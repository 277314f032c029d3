// Command maillon is the whole of Maillon in one binary: the server, and the acts that an operator of
// the machine does without it.
//
// Commands write as Maillon itself, in the name of the user of the machine who typed them, and say so
// in the trail. They speak English to operators, and show what people of the platforms would read in
// the language of the terminal.
//
// The exit status is 0 when it was done, 1 when it was refused or found wrong, 2 when the command
// line itself was wrong or names a pack that cannot be read.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"os/user"
	"strings"
	"syscall"
	_ "time/tzdata" // time zones on machines that have none

	"github.com/alecthomas/kong"

	"maillon/audits/pack"
	"maillon/qms"
	"maillon/qms/aside"
	"maillon/qms/locale"
	"maillon/server/app"
)

// The statuses that the process ends with.
const (
	done    = 0
	refused = 1
	misuse  = 2
)

// errFoundWrong ends a command whose work was to look, and which has already said what it found.
var errFoundWrong = errors.New("found wrong")

// commandLine is every command with its flags; --data and the other settings go with each.
type commandLine struct {
	app.Settings

	Serve    serve   `cmd:"" default:"withargs" help:"Serve the site (when no command is named)."`
	Demo     exhibit `cmd:"" help:"Make a small site with a year of life, print how to sign in, and serve it."`
	Platform struct {
		Add platformAdd `cmd:"" help:"Make a platform."`
	} `cmd:"" help:"Platforms."`
	User struct {
		Add userAdd `cmd:"" help:"Open an account, and give a role."`
	} `cmd:"" help:"Accounts."`
	Import struct {
		Registers   importRegisters   `cmd:"" help:"Take registers over from a workbook or CSV files."`
		Documents   importDocuments   `cmd:"" help:"Take a folder of documents over."`
		Referential importReferential `cmd:"" help:"Take the criteria of a referential over from a workbook."`
	} `cmd:"" help:"Take over what a platform already has."`
	Kit struct {
		Import kitImport `cmd:"" help:"Take a folder of templates into the quality kit."`
	} `cmd:"" help:"The quality kit of the site."`
	Export struct {
		Registers   exportRegisters   `cmd:"" help:"Write registers to a file that an import reads back."`
		Template    exportTemplate    `cmd:"" help:"Write the empty workbook that registers are filled in."`
		Referential exportReferential `cmd:"" help:"Write the criteria of a referential to a workbook that an import reads back."`
	} `cmd:"" help:"Write out what a platform keeps."`
	Exercise exercise   `cmd:"" help:"Run a traceability exercise: in full, or on a sample that anybody can draw again."`
	Remind   remind     `cmd:"" help:"Tell people what falls due, as the running site does every five minutes."`
	Pack     packMake   `cmd:"" help:"Make an audit pack: a ZIP around a PDF, with files and proofs."`
	Verify   packVerify `cmd:"" help:"Check an audit pack; needs neither the site nor a network."`
	Trail    struct {
		Verify trailVerify `cmd:"" help:"Hold trail, records and vault against each other: recompute every trail, compare each record with it, read each content."`
	} `cmd:"" help:"The trail."`
	Vault struct {
		Test vaultTest `cmd:"" help:"Try what the vault promises, above all its lock, on contents of its own making."`
	} `cmd:"" help:"The vault."`
	Key struct {
		Show   keyShow   `cmd:"" help:"Show the public key that this machine signs with."`
		List   keyList   `cmd:"" help:"List every key of the site, the latest first."`
		Rotate keyRotate `cmd:"" help:"Replace the signing key: the old one names the new one."`
		Begin  keyBegin  `cmd:"" help:"Declare the old key lost: the one of this machine begins anew."`
	} `cmd:"" help:"The keys that sign checkpoints."`
	Checkpoint struct {
		Keep checkpointKeep `cmd:"" help:"Sign where a trail stands, keep it, and write the signed note."`
	} `cmd:"" help:"Checkpoints of the trails."`
	Mail struct {
		Test mailTest `cmd:"" help:"Send one mail, to see that the mail server takes it."`
	} `cmd:"" help:"Mails."`
	Due    due `cmd:"" help:"List what falls due."`
	Search struct {
		Rebuild searchRebuild `cmd:"" help:"Make the search index anew from the records."`
	} `cmd:"" help:"The search index."`
}

// terminal is where a command runs.
type terminal struct {
	out, err io.Writer
	env      func(string) (string, bool)
	printer  *locale.Printer
	log      *slog.Logger
	settings app.Settings
	alone    bool // the process is this command's: it may inhabit a room of its own
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := terminal{out: os.Stdout, err: os.Stderr, env: os.LookupEnv, alone: true}.run(ctx, os.Args[1:])
	stop()
	os.Exit(status)
}

// run is the process without its globals.
func run(ctx context.Context, args []string, out, err io.Writer, env func(string) (string, bool)) int {
	return terminal{out: out, err: err, env: env}.run(ctx, args)
}

// run does what the command line says.
func (t terminal) run(ctx context.Context, args []string) int {
	var line commandLine
	ended := -1
	parser, fault := kong.New(&line, kong.Name("maillon"), kong.Writers(t.out, t.err), kong.Resolvers(app.FileResolver(t.env)),
		kong.Description("The quality management system of research platforms."),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true}),
		kong.Exit(func(status int) { ended = status }), kong.Vars{"sections": strings.Join(pack.Sections(), ", ")})
	if fault != nil {
		panic(fault) // the struct above is wrong: a programmer's fault
	}
	t.printer = locale.For(language(t.env))
	parsed, fault := parser.Parse(args)
	switch {
	case ended >= 0: // --help was asked for
		return ended
	case fault != nil:
		return t.misuse(fault)
	}
	t.settings = line.Settings
	t.log = slog.New(logHandler(t.err, line.Settings))
	ctx = qms.WithActor(ctx, qms.System(operator()))
	parsed.BindTo(ctx, (*context.Context)(nil))
	return t.status(parsed.Run(t))
}

// misuse says what is wrong with the command line itself.
func (t terminal) misuse(err error) int {
	fmt.Fprintf(t.err, "maillon: %v\nmaillon --help shows the commands.\n", err)
	return misuse
}

// status says what went wrong. A refusal is a sentence for people; anything else is for who operates
// the machine.
func (t terminal) status(err error) int {
	var e *qms.Error
	var unread cannotRead
	switch {
	case err == nil:
		return done
	case errors.As(err, &unread):
		fmt.Fprintf(t.err, "maillon: %v\n", err)
		return misuse
	case errors.Is(err, errFoundWrong):
	case errors.As(err, &e):
		fmt.Fprintln(t.err, "maillon: "+t.printer.Error(e))
		for _, f := range e.Fields {
			fmt.Fprintf(t.err, "  %s: %s\n", f.Name, t.printer.FieldError(f))
		}
	default:
		fmt.Fprintf(t.err, "maillon: %v\n", err)
	}
	return refused
}

// with opens the site for f and closes it.
func (t terminal) with(ctx context.Context, f func(h *app.House) error) (err error) {
	room, leave, err := t.enter()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, leave()) }()
	h, err := app.Open(ctx, t.settings, app.Options{Log: t.log, Room: room})
	if err != nil {
		return err
	}
	return errors.Join(f(h), h.Close())
}

// enter has the process keep its temporary files in a room of its own, and clears what dead ones left.
func (t terminal) enter() (room *aside.Room, leave func() error, err error) {
	if !t.alone {
		return nil, func() error { return nil }, nil
	}
	if room, err = aside.Enter(t.settings.AsideFolder()); err != nil {
		return nil, nil, err
	}
	return room, room.Leave, room.Inhabit()
}

func logHandler(w io.Writer, s app.Settings) slog.Handler {
	options := &slog.HandlerOptions{Level: s.Level()}
	if s.Log == "json" {
		return slog.NewJSONHandler(w, options)
	}
	return slog.NewTextHandler(w, options)
}

// language is that of the terminal: French where it says so (POSIX, section 8.2).
func language(env func(string) (string, bool)) string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value, _ := env(name); value != "" {
			if strings.HasPrefix(strings.ToLower(value), "fr") {
				return locale.French
			}
			return locale.English
		}
	}
	return locale.English
}

// operator names the user of the machine in the trail.
func operator() string {
	u, err := user.Current()
	if err != nil {
		return fmt.Sprintf("uid %d", os.Getuid())
	}
	return u.Username
}

// day is a date on the command line.
type day struct{ qms.Date }

// UnmarshalText reads an ISO 8601 date.
func (d *day) UnmarshalText(text []byte) (err error) {
	if d.Date, err = qms.ParseDate(string(text)); err != nil {
		return fmt.Errorf("%q is not a date such as 2026-06-30", text)
	}
	return nil
}
