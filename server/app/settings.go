package app

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/alecthomas/kong"
)

// Settings say where a site lives. Each is a flag, else a MAILLON_* variable, else a line of the
// settings file (a JSON object whose keys are the flags' names), else what stands here.
type Settings struct {
	Data        string        `placeholder:"DIR" env:"MAILLON_DATA" help:"The folder of the site: database, contents and key, unless said otherwise below (./data; for demo ./data-demo)."`
	Config      string        `placeholder:"FILE" env:"MAILLON_CONFIG" help:"The settings file (DIR/maillon.json when there is one)."`
	Database    string        `placeholder:"ADDRESS" env:"MAILLON_DATABASE" help:"sqlite:PATH or postgres://... (sqlite:DIR/maillon.db)."`
	Vault       string        `placeholder:"ADDRESS" env:"MAILLON_VAULT" help:"file:FOLDER or s3://KEY:SECRET@HOST/BUCKET?... (file:DIR/vault)."`
	Aside       string        `placeholder:"FOLDER" env:"MAILLON_ASIDE" help:"Where files wait while something is made of them (DIR/tmp)."`
	Key         string        `placeholder:"FILE" env:"MAILLON_KEY" help:"The key that signs checkpoints; made on the first start (DIR/signing.key)."`
	Origin      string        `placeholder:"NAME" default:"maillon" env:"MAILLON_ORIGIN" help:"The name in checkpoints of a key made on the first start, without spaces or + (${default})."`
	Office      string        `placeholder:"PATH" env:"MAILLON_OFFICE" help:"LibreOffice (soffice), which makes PDFs of office files; none for no converter (looked for in PATH)."`
	OfficeLimit time.Duration `default:"2m" placeholder:"TIME" env:"MAILLON_OFFICE_LIMIT" help:"How long LibreOffice may take over one file (${default})."`
	URL         string        `placeholder:"ADDRESS" env:"MAILLON_URL" help:"Where people reach the site, as printed on cover pages: https://qualite.example (http:// and where it listens)."`
	SMTP        string        `name:"smtp" placeholder:"ADDRESS" env:"MAILLON_SMTP" help:"The mail server: smtp://USER:PASSWORD@HOST:PORT?from=ADDRESS (none: no mail is sent)."`
	TSA         string        `name:"tsa" placeholder:"ADDRESS" env:"MAILLON_TSA" help:"A time-stamp authority (RFC 3161) that stamps kept checkpoints: https://... (none)."`
	TSARoots    string        `name:"tsa-roots" placeholder:"FILE" env:"MAILLON_TSA_ROOTS" help:"The certificates (PEM) that its time-stamps must lead to; needed with --tsa."`
	Verifiers   string        `placeholder:"FOLDER" env:"MAILLON_VERIFIERS" help:"Where the built verifiers of packs are (maillon-verify-*), which auditors download from /docs/pack-format (none)."`
	HoldYears   int           `default:"10" placeholder:"YEARS" env:"MAILLON_HOLD_YEARS" help:"How long a vault with a lock holds what was approved and the packs, counted from the last day in force (${default})."`
	ScrubRate   int           `default:"20" placeholder:"MB" env:"MAILLON_SCRUB_RATE" help:"How many megabytes a second the weekly scrub reads at most; 0: as fast as it goes (${default})."`
	Zone        string        `placeholder:"ZONE" default:"Europe/Paris" env:"MAILLON_ZONE" help:"Where civil dates are read off (${default})."`
	Log         string        `enum:"text,json" default:"text" env:"MAILLON_LOG" help:"How log lines are written: text or json (${default})."`
	LogLevel    string        `enum:"debug,info,warn,error" default:"info" env:"MAILLON_LOG_LEVEL" help:"What is logged at least: debug, info, warn or error (${default})."`
}

// Folder is the folder of the site.
func (s Settings) Folder() string {
	if s.Data == "" {
		return "data"
	}
	return s.Data
}

func (s Settings) database() string {
	if s.Database != "" {
		return s.Database
	}
	return "sqlite:" + filepath.Join(s.Folder(), "maillon.db")
}

func (s Settings) vault() string {
	if s.Vault != "" {
		return s.Vault
	}
	return "file:" + filepath.Join(s.Folder(), "vault")
}

// AsideFolder is where the rooms of the processes are in which files wait, see package aside.
func (s Settings) AsideFolder() string {
	if s.Aside != "" {
		return s.Aside
	}
	return filepath.Join(s.Folder(), "tmp")
}

func (s Settings) key() string {
	if s.Key != "" {
		return s.Key
	}
	return filepath.Join(s.Folder(), "signing.key")
}

func (s Settings) location() (*time.Location, error) {
	zone, err := time.LoadLocation(s.Zone)
	if err != nil {
		return nil, fmt.Errorf("the time zone %q is not known", s.Zone)
	}
	return zone, nil
}

// Level is the least level that is logged.
func (s Settings) Level() slog.Level {
	var level slog.Level
	_ = level.UnmarshalText([]byte(s.LogLevel)) // one of the enumeration
	return level
}

// FileResolver reads the settings file for kong, once. What the environment states stands.
func FileResolver(lookup func(string) (string, bool)) kong.Resolver {
	return &fileResolver{lookup: lookup}
}

type fileResolver struct {
	lookup func(string) (string, bool)
	read   bool
	values map[string]any
}

// Validate accepts any set of flags: unknown keys are refused when the file is read.
func (r *fileResolver) Validate(*kong.Application) error { return nil }

// Resolve gives the file's value of the flag, nil when the file is silent or must not be asked.
func (r *fileResolver) Resolve(ctx *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	if flag.Name == "data" || flag.Name == "config" || flag.Name == "help" {
		return nil, nil
	}
	for _, name := range flag.Envs {
		if _, set := r.lookup(name); set {
			return nil, nil
		}
	}
	if !r.read {
		r.read = true
		if err := r.load(ctx); err != nil {
			return nil, err
		}
	}
	return r.values[flag.Name], nil
}

func (r *fileResolver) load(ctx *kong.Context) error {
	var home Settings
	var file string
	for _, flag := range ctx.Model.Flags {
		switch value, _ := ctx.FlagValue(flag).(string); flag.Name {
		case "data":
			home.Data = value
		case "config":
			file = value
		}
	}
	stated := file != ""
	if !stated {
		file = filepath.Join(home.Folder(), "maillon.json")
	}
	text, err := os.ReadFile(file)
	switch {
	case !stated && errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("settings file: %w", err)
	}
	if err := json.Unmarshal(text, &r.values); err != nil {
		return fmt.Errorf("settings file %s: %w", file, err)
	}
	for name := range r.values {
		if !known(ctx, name) {
			return fmt.Errorf("settings file %s: there is no setting %q", file, name)
		}
	}
	return nil
}

func known(ctx *kong.Context, name string) bool {
	for _, flag := range ctx.Model.Flags {
		if flag.Name == name {
			return name != "data" && name != "config"
		}
	}
	return false
}

// cutScheme splits "file:PATH" and the like.
func cutScheme(address string) (scheme, rest string) {
	scheme, rest, _ = strings.Cut(address, ":")
	return scheme, rest
}
