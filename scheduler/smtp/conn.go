package smtp

import (
	"context"
	"errors"
	"net"
	"time"
)

// maxAnswer bounds what a server may say in one step, TLS handshake included.
const maxAnswer = 256 << 10

var errTalkative = errors.New("the server says too much")

// bounded is a connection that stops listening to a server that does not stop talking.
type bounded struct {
	net.Conn
	left int // bytes that the server may still say in this step
}

// Read is the connection's, until the step's bytes are used up.
func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTalkative
	}
	n, err := b.Conn.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

// begin gives a step its bytes and its time, which ends with that of ctx at the latest. The network knows
// no other clock than the machine's.
func (b *bounded) begin(ctx context.Context, limit time.Duration) error {
	b.left = maxAnswer
	deadline := time.Now().Add(limit)
	if ends, ok := ctx.Deadline(); ok && ends.Before(deadline) {
		deadline = ends
	}
	return b.SetDeadline(deadline)
}
