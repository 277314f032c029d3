package vault

import (
	"errors"
	"time"
)

// Held is how a content is held: until when nobody may remove or replace it, as the vault said when it was
// asked again. The zero Held is that of a vault that cannot hold.
type Held struct{ Until time.Time }

// Locked reports whether the vault holds the content at all.
func (h Held) Locked() bool { return !h.Until.IsZero() }

// ErrNotHeld says that a vault took the order to hold a content and does not hold it.
var ErrNotHeld = errors.New("the vault does not hold the content as it was asked to")
