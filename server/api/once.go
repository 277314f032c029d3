package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"

	"maillon/qms"
)

const (
	answersKept    = 10_000         // of POSTs with an Idempotency-Key, the oldest going first
	answersKeptFor = 24 * time.Hour // a client that retries later does it again
	answerBytes    = 64 << 10       // a longer answer is not kept, nor is one that streams
)

var idempotencyParameter = &huma.Param{
	Name: "Idempotency-Key", In: "header", Schema: &huma.Schema{Type: huma.TypeString},
	Description: "Any text of up to 200 characters: the same POST with the same key is done once and answered alike. " +
		"Answers are kept for 24 hours in the memory of the server that gave them: a restart forgets them, and another replica does not know them.",
}

// memory keeps answers by key. It lives in the process on purpose: what must hold over restarts is
// held by the numbers and codes that rooms refuse to take twice.
type memory struct {
	clock   qms.Clock
	mu      sync.Mutex
	answers map[string]*answer
	order   []string
}

// answer is what was said once; until done it is being said.
type answer struct {
	at     time.Time
	done   bool
	body   string // digest of the request's body
	status int
	header map[string]string
	text   []byte
}

type onceKey struct{}

// onceOf is the Idempotency-Key of the request, for what is kept once over restarts and replicas too.
func onceOf(ctx context.Context) string {
	given, _ := ctx.Value(onceKey{}).(string)
	return given
}

func newMemory(clock qms.Clock) *memory { return &memory{clock: clock, answers: map[string]*answer{}} }

// take returns the answer kept under the key, or nil when the caller is to find it and then settle.
func (m *memory) take(key string) (*answer, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.clock()
	if kept, ok := m.answers[key]; ok && now.Sub(kept.at) < answersKeptFor {
		if !kept.done {
			return nil, qms.Conflict("idempotency.running")
		}
		return kept, nil
	}
	if _, stale := m.answers[key]; !stale {
		m.order = append(m.order, key)
	}
	m.answers[key] = &answer{at: now}
	for len(m.order) > answersKept {
		delete(m.answers, m.order[0])
		m.order = m.order[1:]
	}
	return nil, nil
}

// settle keeps what was answered, or forgets the key when the POST failed for a reason of ours.
func (m *memory) settle(key string, said *answer) {
	m.mu.Lock()
	defer m.mu.Unlock()
	kept, ok := m.answers[key]
	switch {
	case !ok:
	case said == nil:
		kept.at = time.Time{} // stale at once; its place in the order stays
		kept.done = true
	default:
		said.at, said.done = kept.at, true
		m.answers[key] = said
	}
}

// onlyOnce answers a repeated POST with what the first was answered. The key counts for one actor and
// one path; the same key with another body is a mistake of the client's.
func (a *API) onlyOnce(m *memory) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		given := ctx.Header("Idempotency-Key")
		if given == "" || ctx.Method() != http.MethodPost {
			next(ctx)
			return
		}
		if len(given) > 200 {
			_ = huma.WriteErr(a.huma, ctx, 422, "", qms.InvalidFields(qms.Wrong("Idempotency-Key", "value.too_long", 200)))
			return
		}
		ctx = huma.WithValue(ctx, onceKey{}, given)
		url := ctx.URL()
		key := string(qms.ActorFrom(ctx.Context()).ID) + " " + url.RequestURI() + " " + given
		kept, err := m.take(key)
		switch {
		case err != nil:
			_ = huma.WriteErr(a.huma, ctx, 409, "", err)
		case kept != nil:
			a.repeat(ctx, kept)
		default:
			var said *answer // stays nil when the operation panics
			defer func() { m.settle(key, said) }()
			said = listen(ctx, next)
		}
	}
}

// listen lets the operation run, and notes its answer and the digest of the body it read.
func listen(ctx huma.Context, next func(huma.Context)) *answer {
	digest := sha256.New()
	next(withBody{wrapped: ctx, r: io.TeeReader(ctx.BodyReader(), digest)})
	response := humafiber.Unwrap(ctx).Response()
	status := response.StatusCode()
	if status >= 500 || response.IsBodyStream() || len(response.Body()) > answerBytes || !drained(ctx, digest) {
		return nil
	}
	said := &answer{body: hex.EncodeToString(digest.Sum(nil)), status: status, header: map[string]string{}, text: bytes.Clone(response.Body())}
	for _, name := range []string{"Content-Type", "ETag", "Location", "Link"} {
		if v := string(response.Header.Peek(name)); v != "" {
			said.header[name] = v
		}
	}
	return said
}

// drained reads what the operation left of the body, so that the digest is of all of it.
func drained(ctx huma.Context, digest hash.Hash) bool {
	_, err := io.Copy(digest, ctx.BodyReader())
	return err == nil
}

func (a *API) repeat(ctx huma.Context, kept *answer) {
	digest := sha256.New()
	if !drained(ctx, digest) || hex.EncodeToString(digest.Sum(nil)) != kept.body {
		_ = huma.WriteErr(a.huma, ctx, 422, "", qms.InvalidFields(qms.Wrong("Idempotency-Key", "idempotency.other_body")))
		return
	}
	for name, v := range kept.header {
		ctx.SetHeader(name, v)
	}
	ctx.SetHeader("Idempotency-Replayed", "true")
	ctx.SetStatus(kept.status)
	_, _ = ctx.BodyWriter().Write(kept.text) // into fasthttp's buffer: cannot fail
}
