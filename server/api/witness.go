package api

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"time"

	"maillon/audits/witness"
	"maillon/qms"
	"maillon/qms/trail"
)

// witness are the kept checkpoints of each trail, the keys that signed them, and whom they are mailed to.
// The trail of the site has the same, without a platform.
func (a *API) witness() {
	const here, site, one = "/platforms/{platform}/trail", "/trail", "/checkpoints/{checkpoint}"
	register(a, get(here+"/keys", "list-keys", "List the keys that signed checkpoints, the latest first", "trail"), a.listKeys)
	register(a, get(here+"/keys/history", "download-key-history", "The signed statements by which each key took over", "trail"), a.keyHistory)
	register(a, get(here+"/checkpoints", "list-checkpoints", "List the kept checkpoints of the trail, the newest first", "trail"), a.listCheckpoints)
	register(a, created(post(here+"/checkpoints", "keep-checkpoint", "Sign where the trail stands and keep it; the last one where nothing was added since", "trail")), a.keepCheckpoint)
	register(a, get(here+one, "get-kept-checkpoint", "One kept checkpoint", "trail"), a.getKept)
	register(a, get(here+one+"/note", "download-checkpoint-note", "The signed note of a kept checkpoint", "trail"), a.keptNote)
	register(a, get(here+one+"/stamp", "download-checkpoint-stamp", "The time-stamp token of a kept checkpoint (RFC 3161)", "trail"), a.keptStamp)
	register(a, get(here+one+"/continuation", "prove-continuation", "Prove that two kept checkpoints are of one trail", "trail"), a.proveContinuation)
	register(a, get(here+"/alarms", "list-trail-alarms", "List when the trail did not continue its last checkpoint", "trail"), a.listAlarms)
	register(a, get(site+"/keys", "list-site-keys", "List the keys of the site, the latest first", "trail"), a.listSiteKeys)
	register(a, get(site+"/checkpoints", "list-site-checkpoints", "List the kept checkpoints of the site's trail, the newest first", "trail"), a.listSiteCheckpoints)
	register(a, created(post(site+"/checkpoints", "keep-site-checkpoint", "Sign where the site's trail stands and keep it", "trail")), a.keepSiteCheckpoint)
	register(a, get(site+"/checkpoints/addresses", "list-checkpoint-addresses", "List where the checkpoints of each day are mailed to", "trail"), a.listCheckpointAddresses)
	register(a, created(post(site+"/checkpoints/addresses", "add-checkpoint-address", "Have the checkpoints of each day mailed to an address", "trail")), a.addCheckpointAddress)
	register(a, post(site+"/checkpoints/addresses/{address}/end", "end-checkpoint-address", "Take an address away", "trail"), a.endCheckpointAddress)
	register(a, get(site+one, "get-site-kept-checkpoint", "One kept checkpoint of the site's trail", "trail"), a.getSiteKept)
	register(a, get(site+one+"/note", "download-site-checkpoint-note", "The signed note of a kept checkpoint of the site's trail", "trail"), a.siteKeptNote)
	register(a, get(site+one+"/stamp", "download-site-checkpoint-stamp", "The time-stamp token of a kept checkpoint of the site's trail (RFC 3161)", "trail"), a.siteKeptStamp)
	register(a, get(site+one+"/continuation", "prove-site-continuation", "Prove that two kept checkpoints are of the site's trail", "trail"), a.proveSiteContinuation)
	register(a, get(site+"/alarms", "list-alarms", "List the alarms over every trail, those that are open first", "trail"), a.listSiteAlarms)
	register(a, post(site+"/alarms/{alarm}/settle", "settle-alarm", "Say what was found and done about an alarm", "trail"), a.settleAlarm)
}

// PublicKey is one key of the site.
type PublicKey struct {
	Number      int64      `json:"number" doc:"From 1, in the order in which they signed"`
	Verifier    string     `json:"verifier" doc:"The public key as signed notes are verified with"`
	Fingerprint string     `json:"fingerprint" doc:"SHA-256 of the verifier, in groups of four, to be compared by eye"`
	From        time.Time  `json:"from"`
	Until       *time.Time `json:"until,omitempty" doc:"Absent for the one that signs now"`
	HandedOver  bool       `json:"handed_over" doc:"The key before named it; else it began on its own word, the first one or after a loss"`
	Statement   string     `json:"statement" doc:"The signed note by which it took over"`
	Reason      string     `json:"reason,omitempty"`
}

func renderKey(k witness.KeyLine) PublicKey {
	out := PublicKey{Number: k.Number, Verifier: k.Verifier, Fingerprint: k.Fingerprint, From: k.BeginsAt, HandedOver: k.Handed, Statement: k.Statement, Reason: k.Reason}
	if !k.Until.IsZero() {
		out.Until = &k.Until
	}
	return out
}

type keysAnswer struct {
	Body struct {
		Items []PublicKey `json:"items" nullable:"false"`
	}
}

func (a *API) keysOf(ctx context.Context, platform qms.ID) (*keysAnswer, error) {
	lines, err := a.s.Witness.Keys(ctx, platform)
	if err != nil {
		return nil, err
	}
	out := new(keysAnswer)
	out.Body.Items = make([]PublicKey, len(lines))
	for i, k := range lines {
		out.Body.Items[i] = renderKey(k)
	}
	return out, nil
}

func (a *API) listKeys(ctx context.Context, in *InPlatform) (*keysAnswer, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	return a.keysOf(ctx, p.ID)
}

func (a *API) listSiteKeys(ctx context.Context, _ *struct{}) (*keysAnswer, error) {
	return a.keysOf(ctx, "")
}

func textFile(name, kind string, data []byte) *File {
	return send(Content{Name: name, Type: kind, Size: int64(len(data)), Reader: io.NopCloser(bytes.NewReader(data))})
}

const plainText = "text/plain; charset=utf-8"

func (a *API) keyHistory(ctx context.Context, in *InPlatform) (*File, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	text, err := a.s.Witness.History(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	return textFile("keys-history.txt", plainText, text), nil
}

// KeptCheckpoint is a checkpoint that was kept.
type KeptCheckpoint struct {
	ID          qms.ID        `json:"id"`
	Origin      string        `json:"origin"`
	Size        int64         `json:"size" doc:"How many acts the trail held"`
	Root        string        `json:"root" doc:"Of the Merkle tree over the acts (RFC 6962), base64"`
	Note        string        `json:"note" doc:"The signed note (golang.org/x/mod/sumdb/note)"`
	Fingerprint string        `json:"fingerprint" doc:"To be compared by eye"`
	Signer      string        `json:"signer" doc:"Fingerprint of the key"`
	Cause       witness.Cause `json:"cause" enum:"daily,demand,pack"`
	Pack        string        `json:"pack,omitempty" doc:"Number of the audit pack that it proves"`
	MadeAt      time.Time     `json:"made_at"`
	MadeBy      string        `json:"made_by,omitempty"`
	StampedAt   *time.Time    `json:"stamped_at,omitempty" doc:"What the time-stamp authority states"`
	Authority   string        `json:"authority,omitempty" doc:"Who stamped it"`
}

func renderKept(c witness.Checkpoint) KeptCheckpoint {
	out := KeptCheckpoint{ID: c.ID, Origin: c.Origin, Size: c.Size, Root: c.Root, Note: c.Note, Fingerprint: c.Fingerprint(), Signer: c.Signer,
		Cause: c.Cause, Pack: c.Pack, MadeAt: c.MadeAt, MadeBy: c.MadeByName, Authority: c.Authority}
	if !c.StampedAt.IsZero() {
		out.StampedAt = &c.StampedAt
	}
	return out
}

// CheckpointFilter is embedded in the input of lists of kept checkpoints.
type CheckpointFilter struct {
	Paged
	Cause string `query:"cause" enum:"daily,demand,pack" doc:"Why it was kept"`
}

func (a *API) keptOf(ctx context.Context, platform qms.ID, in *CheckpointFilter) (*List[KeptCheckpoint], error) {
	page, err := a.s.Witness.List(ctx, platform, witness.Cause(in.Cause), in.Cursor())
	if err != nil {
		return nil, err
	}
	return list(&in.Paged, page, renderKept), nil
}

type listCheckpoints struct {
	InPlatform
	CheckpointFilter
}

func (a *API) listCheckpoints(ctx context.Context, in *listCheckpoints) (*List[KeptCheckpoint], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	return a.keptOf(ctx, p.ID, &in.CheckpointFilter)
}

func (a *API) listSiteCheckpoints(ctx context.Context, in *CheckpointFilter) (*List[KeptCheckpoint], error) {
	return a.keptOf(ctx, "", in)
}

func (a *API) keepFor(ctx context.Context, platform qms.ID) (*One[KeptCheckpoint], error) {
	c, err := a.s.Witness.Keep(ctx, platform)
	if err != nil {
		return nil, err
	}
	return one(c.Revision, renderKept(*c)), nil
}

func (a *API) keepCheckpoint(ctx context.Context, in *InPlatform) (*One[KeptCheckpoint], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	return a.keepFor(ctx, p.ID)
}

func (a *API) keepSiteCheckpoint(ctx context.Context, _ *struct{}) (*One[KeptCheckpoint], error) {
	return a.keepFor(ctx, "")
}

// OneKept is embedded in the input of what is asked of one kept checkpoint.
type OneKept struct {
	Checkpoint string `path:"checkpoint" format:"uuid" maxLength:"36" doc:"The identifier of a kept checkpoint"`
}

type inKept struct {
	InPlatform
	OneKept
}

func (a *API) kept(ctx context.Context, in *inKept) (*witness.Checkpoint, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	return a.s.Witness.ByID(ctx, p.ID, qms.ID(in.Checkpoint))
}

func (a *API) getKept(ctx context.Context, in *inKept) (*One[KeptCheckpoint], error) {
	c, err := a.kept(ctx, in)
	if err != nil {
		return nil, err
	}
	return one(c.Revision, renderKept(*c)), nil
}

func (a *API) getSiteKept(ctx context.Context, in *OneKept) (*One[KeptCheckpoint], error) {
	c, err := a.s.Witness.ByID(ctx, "", qms.ID(in.Checkpoint))
	if err != nil {
		return nil, err
	}
	return one(c.Revision, renderKept(*c)), nil
}

func (a *API) keptNote(ctx context.Context, in *inKept) (*File, error) {
	c, err := a.kept(ctx, in)
	if err != nil {
		return nil, err
	}
	return textFile(c.FileName(in.Platform), plainText, []byte(c.Note)), nil
}

func (a *API) siteKeptNote(ctx context.Context, in *OneKept) (*File, error) {
	c, err := a.s.Witness.ByID(ctx, "", qms.ID(in.Checkpoint))
	if err != nil {
		return nil, err
	}
	return textFile(c.FileName(trail.SiteLog), plainText, []byte(c.Note)), nil
}

func (a *API) keptStamp(ctx context.Context, in *inKept) (*File, error) {
	c, err := a.kept(ctx, in)
	if err != nil {
		return nil, err
	}
	return stampOf(c)
}

func (a *API) siteKeptStamp(ctx context.Context, in *OneKept) (*File, error) {
	c, err := a.s.Witness.ByID(ctx, "", qms.ID(in.Checkpoint))
	if err != nil {
		return nil, err
	}
	return stampOf(c)
}

func stampOf(c *witness.Checkpoint) (*File, error) {
	token := c.TokenBytes()
	if token == nil {
		return nil, qms.NotFound("checkpoint.no_stamp")
	}
	return textFile("checkpoint.tst", "application/timestamp-reply", token), nil
}

// OtherKept is embedded in the input of what holds two kept checkpoints against each other.
type OtherKept struct {
	With string `query:"with" format:"uuid" maxLength:"36" doc:"The other kept checkpoint, older or newer"`
}

type proveContinuation struct {
	InPlatform
	OneKept
	OtherKept
}

type proveSiteContinuation struct {
	OneKept
	OtherKept
}

type continuationAnswer struct{ Body json.RawMessage }

func (a *API) proveContinuation(ctx context.Context, in *proveContinuation) (*continuationAnswer, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	return a.continuation(ctx, p.ID, in.Checkpoint, in.With)
}

func (a *API) proveSiteContinuation(ctx context.Context, in *proveSiteContinuation) (*continuationAnswer, error) {
	return a.continuation(ctx, "", in.Checkpoint, in.With)
}

func (a *API) continuation(ctx context.Context, platform qms.ID, one, other string) (*continuationAnswer, error) {
	c, err := a.s.Witness.Continue(ctx, platform, qms.ID(one), qms.ID(other))
	if err != nil {
		return nil, err
	}
	data, err := c.File()
	return &continuationAnswer{data}, err
}
