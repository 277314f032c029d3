package request

import (
	"errors"
	"io"
	"net"
	"time"

	"github.com/gofiber/fiber/v2"

	"maillon/qms"
)

const (
	// FormBytes is how much a form or a JSON body may hold unless its route says otherwise.
	FormBytes = 1 << 20
	// UploadBytes is how much a streamed file may hold unless its route says otherwise: 2 GiB.
	UploadBytes = 2 << 30

	pace     = 60 * time.Second // a body that brings nothing for so long is given up
	leftover = 256 << 10        // how much of an unread body is read to spare the connection
)

// Limit refuses bodies over n bytes, and bodies of unstated length, before anything reads them. It
// belongs before every handler that calls Fiber's Body, FormValue or BodyParser: with streamed bodies
// Fiber's own limit does not hold.
func Limit(n int64) fiber.Handler {
	return func(c *fiber.Ctx) error {
		switch length := int64(c.Request().Header.ContentLength()); {
		case length > n:
			return TooLarge(n)
		case length == -1:
			return qms.Invalid("body.length_required")
		}
		return c.Next()
	}
}

// TooLarge refuses a body over n bytes.
func TooLarge(n int64) error { return qms.Invalid("body.too_large", mebibytes(n)) }

func mebibytes(n int64) int64 { return max(1, (n+1<<20-1)>>20) }

// Body is the body as a stream, from which at most n bytes are read: the byte after them is an error
// that says so. Each piece that arrives grants the client a minute for the next.
func Body(c *fiber.Ctx, n int64) (io.Reader, error) {
	if int64(c.Request().Header.ContentLength()) > n {
		return nil, TooLarge(n)
	}
	stream := c.Request().BodyStream()
	if stream == nil {
		return eof{}, nil
	}
	return &body{r: stream, conn: c.Context().Conn(), limit: n, left: n}, nil
}

type eof struct{}

func (eof) Read([]byte) (int, error) { return 0, io.EOF }

type body struct {
	r           io.Reader
	conn        net.Conn
	limit, left int64
	done        bool // a body in chunks must not be read after its end
}

// Read reads at most one byte more than is allowed, to tell a body that ends there from a longer one.
func (b *body) Read(p []byte) (int, error) {
	if b.left < 0 {
		return 0, TooLarge(b.limit)
	}
	if b.done {
		return 0, io.EOF
	}
	if len(p) == 0 {
		return 0, nil
	}
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	if err := b.conn.SetReadDeadline(deadline()); err != nil {
		return 0, err
	}
	n, err := b.r.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return n - 1, TooLarge(b.limit)
	}
	b.done = errors.Is(err, io.EOF)
	return n, translate(err)
}

// deadline is on the machine's own clock: the network knows no other.
func deadline() time.Time { return time.Now().Add(pace) }

// translate names what a client can do about an error of the network.
func translate(err error) error {
	var n net.Error
	switch {
	case errors.As(err, &n) && n.Timeout():
		return qms.Busy("body.timeout")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return qms.Invalid("body.truncated")
	}
	return err
}

// finishBody reads what is left of a small body; a connection with more than that is closed after the
// answer, since the next request on it would begin in the middle of this one's body.
func finishBody(c *fiber.Ctx) {
	stream := c.Request().BodyStream()
	if stream == nil {
		return
	}
	if c.Request().Header.ContentLength() < 0 { // in chunks: whether the last one was read is not known
		c.Context().SetConnectionClose()
		return
	}
	n, err := io.Copy(io.Discard, io.LimitReader(stream, leftover))
	if err != nil || n == leftover {
		c.Context().SetConnectionClose()
	}
}
