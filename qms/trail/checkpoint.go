package trail

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// Checkpoint is the head of one log: its size and root, and whose it is.
type Checkpoint struct {
	Origin string // "site/log", see Origin
	Size   int64  // leaves
	Root   Hash
}

// Origin is the origin of a log's checkpoints: the name of the key that signs them and the log's.
func Origin(keyName, log string) string { return keyName + "/" + log }

// Log is the name of the log: the last part of the origin.
func (c Checkpoint) Log() string { return c.Origin[strings.LastIndexByte(c.Origin, '/')+1:] }

// Text is the body of the note: origin, size in decimal and root in base64, a line each.
func (c Checkpoint) Text() string {
	return c.Origin + "\n" + strconv.FormatInt(c.Size, 10) + "\n" + c.Root.String() + "\n"
}

// Fingerprint is the SHA-256 of Text in groups of four hexadecimal digits, for people to compare.
func (c Checkpoint) Fingerprint() string { return grouped(c.Text()) }

// Sign makes the signed note of a checkpoint. The origin must begin with the key's name.
func Sign(key Key, c Checkpoint) ([]byte, error) {
	if err := c.check(key.Name()); err != nil {
		return nil, err
	}
	return key.SignText(c.Text())
}

// Open checks the signature and reads the checkpoint. It refuses any other spelling of one, and a
// checkpoint of another origin than the verifier's.
func Open(msg []byte, v Verifier) (Checkpoint, error) {
	text, err := v.OpenText(msg)
	if err != nil {
		return Checkpoint{}, err
	}
	c, err := parseCheckpoint(text)
	if err != nil {
		return Checkpoint{}, err
	}
	return c, c.check(v.Name())
}

func parseCheckpoint(text string) (Checkpoint, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 4 || lines[3] != "" {
		return Checkpoint{}, errors.New("read checkpoint: not three lines")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return Checkpoint{}, errors.New("read checkpoint: malformed size")
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		return Checkpoint{}, errors.New("read checkpoint: malformed root")
	}
	c := Checkpoint{Origin: lines[0], Size: size, Root: root}
	if c.Text() != text {
		return Checkpoint{}, errors.New("read checkpoint: not its canonical form")
	}
	return c, nil
}

func (c Checkpoint) check(keyName string) error {
	log, ok := strings.CutPrefix(c.Origin, keyName+"/")
	if !ok || log == "" || strings.ContainsAny(log, "/\n") {
		return fmt.Errorf("checkpoint of %q does not belong to key %q", c.Origin, keyName)
	}
	if c.Size < 0 {
		return errors.New("checkpoint of a negative size")
	}
	return nil
}
