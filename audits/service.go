package audits

import (
	"fmt"
	"log/slog"
	"os"

	"maillon/audits/witness"
	"maillon/documents"
	"maillon/documents/vault"
	"maillon/qms/label"
	"maillon/qms/store"
	"maillon/qms/trace"
	"maillon/qms/trail"
)

// Service does the acts of exercises and packs.
type Service struct {
	db        *store.DB
	trace     *trace.Service   // whose records exercises examine
	vault     vault.Vault      // where the files are, and where packs are kept
	key       trail.Key        // signs the packs
	heads     *witness.Service // keeps the checkpoints of packs; may be nil
	packs     *jobs            // being made
	registers Registers        // may be nil
	holder    string           // names this server among those that make packs
	log       *slog.Logger

	documents *documents.Service
	label     *label.Service
	rooms     []Room // that tell what falls due
}

// Options are what the room works with besides the database.
type Options struct {
	Trace     *trace.Service
	Documents *documents.Service // packs without it tell neither of processes nor of changed documents
	Label     *label.Service     // packs without it tell nothing of the programme
	Rooms     []Room             // that tell what falls due
	Vault     vault.Vault
	Key       trail.Key
	Witness   *witness.Service // nil: the checkpoints of packs are not kept
	Registers Registers        // written beside the PDF of a pack; none when nil
	Holder    string           // names this process among those that make packs; by its machine and number when empty
	Log       *slog.Logger     // discards when nil
}

// serverName tells this server from the others, for people who look into the trail.
func serverName() string {
	name, err := os.Hostname()
	if err != nil {
		name = "maillon"
	}
	return fmt.Sprintf("%s %d", name, os.Getpid())
}

// New makes the room.
func New(db *store.DB, o Options) *Service {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Holder == "" {
		o.Holder = serverName()
	}
	return &Service{db: db, trace: o.Trace, vault: o.Vault, key: o.Key, heads: o.Witness, packs: newJobs(), log: o.Log,
		registers: o.Registers, holder: o.Holder, documents: o.Documents, label: o.Label, rooms: o.Rooms}
}
