package witness

import (
	"context"
	"net/mail"
	"slices"
	"strings"

	"maillon/qms"
	"maillon/qms/locale"
	"maillon/qms/store"
)

// CheckpointAddress is somewhere outside of the house where the checkpoints of each day are kept: the
// mailbox of somebody who could not alter the site, so that the site cannot alter what they hold.
type CheckpointAddress struct {
	qms.Row  `trail:"site"`
	Address  string
	Language string
	Since    qms.Date
	Ended    string // why no longer; empty while it holds
}

// maxAddresses is how many addresses a site has at most; maxAddress how long one is (RFC 5321).
const (
	maxAddresses = 50
	maxAddress   = 254
)

// Addresses lists where daily checkpoints are mailed to.
func (s *Service) Addresses(ctx context.Context) ([]CheckpointAddress, error) {
	var all []CheckpointAddress
	err := s.db.View(ctx, qms.OperateSite.OnSite(), func(r store.Reader) (err error) {
		all, err = addresses(ctx, r)
		return err
	})
	return all, err
}

// AddAddress names one more.
type AddAddress struct {
	Address  string
	Language string // fr or en
}

func (c AddAddress) clean() (AddAddress, error) {
	c.Address = strings.ToLower(strings.TrimSpace(c.Address))
	if strings.ContainsRune(c.Address, '\uFFFD') { // it was not UTF-8
		return c, qms.InvalidFields(qms.Wrong("address", "checkpoint.not_an_address"))
	}
	var wrong []qms.Field
	parsed, err := mail.ParseAddress(c.Address)
	switch {
	case c.Address == "":
		wrong = append(wrong, qms.Wrong("address", "input.required"))
	case len(c.Address) > maxAddress:
		wrong = append(wrong, qms.Wrong("address", "input.too_long", maxAddress))
	case err != nil || parsed.Name != "" || parsed.Address != c.Address || strings.ContainsFunc(c.Address, func(r rune) bool { return r <= ' ' || r == 0x7f }):
		wrong = append(wrong, qms.Wrong("address", "checkpoint.not_an_address"))
	}
	if !slices.Contains(locale.Languages(), c.Language) {
		wrong = append(wrong, qms.Wrong("language", "input.unknown_choice"))
	}
	return c, qms.InvalidFields(wrong...)
}

// AddAddress names an address, see the command. It gets what is kept from then on.
func (s *Service) AddAddress(ctx context.Context, cmd AddAddress) (*CheckpointAddress, error) {
	cmd, err := cmd.clean()
	if err != nil {
		return nil, err
	}
	var made *CheckpointAddress
	act := qms.Act{Name: "address.add", Needs: qms.OperateSite.OnSite()}
	err = s.db.Change(ctx, act, func(tx *store.Tx) error {
		all, err := addresses(ctx, tx)
		switch {
		case err != nil:
			return err
		case slices.ContainsFunc(all, func(a CheckpointAddress) bool { return a.Address == cmd.Address }):
			return qms.InvalidFields(qms.Wrong("address", "checkpoint.address_known"))
		case len(all) >= maxAddresses:
			return qms.Conflict("checkpoint.too_many_addresses", maxAddresses)
		}
		made = &CheckpointAddress{Address: cmd.Address, Language: cmd.Language, Since: tx.Today()}
		return tx.Insert(ctx, made)
	})
	return made, err
}

// EndAddress takes an address away, with the reason.
func (s *Service) EndAddress(ctx context.Context, id qms.ID, reason string) error {
	reason, err := cleanReason(reason)
	if err != nil {
		return err
	}
	act := qms.Act{Name: "address.end", Needs: qms.OperateSite.OnSite(), Subject: id, Reason: reason}
	return s.db.Change(ctx, act, func(tx *store.Tx) error {
		a, err := addressByID(ctx, tx, id)
		if err != nil {
			return err
		}
		a.Ended = reason
		return tx.Update(ctx, a)
	})
}
