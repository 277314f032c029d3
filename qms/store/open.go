package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/schema"
	_ "modernc.org/sqlite" // the driver named sqlite

	"maillon/qms"
)

// Open connects to the database and makes the folder of a SQLite file. It does not migrate.
func Open(ctx context.Context, o Options) (*DB, error) {
	db := &DB{clock: o.Clock, location: o.Location, logger: o.Logger}
	if err := db.defaults(); err != nil {
		return nil, err
	}
	var err error
	switch path, isFile := strings.CutPrefix(o.URL, "sqlite:"); {
	case isFile:
		err = db.openSQLite(path)
	case strings.HasPrefix(o.URL, "postgres://"), strings.HasPrefix(o.URL, "postgresql://"):
		err = db.openPostgreSQL(o.URL)
	default:
		err = errors.New("want sqlite:PATH or postgres://HOST/NAME") // not the URL: it may hold a password
	}
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	dialect := dialectOf(db.engine)
	db.sealed = bun.NewDB(sql.OpenDB(nowhere{}), dialect)
	db.gen = schema.NewQueryGen(dialect)
	if err := db.Ping(ctx); err != nil {
		return nil, fmt.Errorf("open database: %w", firstOf(err, db.Close()))
	}
	return db, nil
}

func (db *DB) defaults() error {
	if db.clock == nil {
		db.clock = qms.SystemClock
	}
	if db.logger == nil {
		db.logger = slog.New(slog.DiscardHandler)
	}
	if db.location == nil {
		paris, err := time.LoadLocation("Europe/Paris")
		if err != nil {
			return fmt.Errorf("open database: %w", err)
		}
		db.location = paris
	}
	return nil
}

// openSQLite opens one writer and a pool of readers on one file in WAL mode: readers never wait. A
// commit is on the disk when it returns (synchronous FULL).
func (db *DB) openSQLite(path string) (err error) {
	if path == "" || strings.Contains(path, ":memory:") {
		return errors.New("SQLite needs a file, since several connections share it")
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return err
	}
	_, found := os.Stat(path)
	db.engine = SQLite
	if db.writer, err = sql.Open("sqlite", sqliteDSN(path, "_txlock=immediate")); err != nil {
		return err
	}
	db.writer.SetMaxOpenConns(1)
	if db.reader, err = sql.Open("sqlite", sqliteDSN(path, "_pragma=query_only(1)")); err != nil {
		return err
	}
	readers := max(4, runtime.NumCPU())
	db.reader.SetMaxOpenConns(readers)
	db.reader.SetMaxIdleConns(readers)
	if err := db.writer.Ping(); err != nil { // makes the file and its WAL before a reader comes
		return err
	}
	if errors.Is(found, fs.ErrNotExist) {
		return keepToOwner(path)
	}
	return nil
}

// keepToOwner takes a new file from everybody else. It does so by name: to open and close the file here
// would drop the locks that SQLite holds on it in this process.
func keepToOwner(path string) error {
	for _, name := range []string{path, path + "-wal", path + "-shm"} {
		if err := os.Chmod(name, 0o600); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

func sqliteDSN(path, more string) string {
	file := url.URL{Scheme: "file", OmitHost: true, Path: path}
	if !filepath.IsAbs(path) {
		file = url.URL{Scheme: "file", Opaque: (&url.URL{Path: "./" + path}).EscapedPath()}
	}
	return file.String() + "?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)" +
		"&_pragma=foreign_keys(1)&" + more
}

// openPostgreSQL speaks the simple protocol, since bun puts the arguments into the text.
func (db *DB) openPostgreSQL(dsn string) error {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return errors.New("the postgres:// address is malformed") // pgx's text repeats the address
	}
	config.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol
	config.RuntimeParams["timezone"] = "UTC"
	config.RuntimeParams["standard_conforming_strings"] = "on" // the gate reads strings by that rule
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "maillon"
	}
	db.engine = PostgreSQL
	db.writer = stdlib.OpenDB(*config, stdlib.OptionAfterConnect(instantsInUTC))
	db.writer.SetMaxOpenConns(20)
	db.writer.SetMaxIdleConns(20)
	db.writer.SetConnMaxIdleTime(5 * time.Minute)
	db.reader = db.writer
	return nil
}

func instantsInUTC(_ context.Context, conn *pgx.Conn) error {
	conn.TypeMap().RegisterType(&pgtype.Type{
		Name: "timestamptz", OID: pgtype.TimestamptzOID, Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC},
	})
	return nil
}

var errNowhere = errors.New("store: this handle only builds queries; run them through Reader and Tx")

// nowhere is the connector of the handle that a bun query carries along: whoever digs it out of a
// query (q.DB().DB) finds that it reaches no database.
type nowhere struct{}

func (nowhere) Connect(context.Context) (driver.Conn, error) { return nil, errNowhere }
func (nowhere) Driver() driver.Driver                        { return nowhere{} }
func (nowhere) Open(string) (driver.Conn, error)             { return nil, errNowhere }
