package documents

import (
	"context"
	"slices"

	"maillon/qms"
	"maillon/qms/store"
)

// ReviseProcess says what is to be said about a process; nil fields stay as they are. Its code stays.
type ReviseProcess struct {
	Platform qms.ID
	Code     string
	Revision int64 // 0 does not check
	Name     *string
	Type     *ProcessType
	Owner    *qms.ID
	Purpose  *string
	Place    *int64
	Retired  *bool // no new documents from today on, or again
	Reason   string
}

// AddProcess puts a process on the map.
func (s *Service) AddProcess(ctx context.Context, platform qms.ID, p Process, reason string) (*Process, error) {
	p = Process{Code: p.Code, Name: p.Name, Type: p.Type, Owner: p.Owner, Purpose: p.Purpose, Place: p.Place}
	wrong := p.check()
	act := qms.Act{Name: "process.add", Needs: qms.ControlDocuments.On(platform), Platform: platform, Reason: tidy(reason)}
	err := s.db.Change(ctx, act, func(tx *store.Tx) error {
		all, err := processesOf(ctx, tx, platform)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(all, func(o Process) bool { return o.Code == p.Code }) {
			wrong = append(wrong, qms.Wrong("code", "process.taken", p.Code))
		}
		more, err := s.checkStaff(ctx, tx, staffed{"owner", p.Owner})
		if err != nil {
			return err
		}
		if wrong = append(wrong, more...); len(wrong) > 0 {
			return qms.InvalidFields(wrong...)
		}
		if err := tx.Insert(ctx, &p); err != nil {
			return err
		}
		return relinkForProcesses(ctx, tx)
	})
	if err != nil {
		return nil, err
	}
	return &p, nil
}

// ReviseProcess corrects what is said about a process, or retires it: its documents stay, and no new
// one is made.
func (s *Service) ReviseProcess(ctx context.Context, cmd ReviseProcess) (*Process, error) {
	var p *Process
	act := qms.Act{Name: "process.revise", Needs: qms.ControlDocuments.On(cmd.Platform), Platform: cmd.Platform, Reason: tidy(cmd.Reason)}
	if cmd.Retired != nil {
		act.Name = map[bool]string{true: "process.retire", false: "process.reinstate"}[*cmd.Retired]
	}
	err := s.db.Change(ctx, act, func(tx *store.Tx) (err error) {
		if p, err = processByCode(ctx, tx, cmd.Platform, tidyWord(cmd.Code)); err != nil {
			return err
		}
		if err := unchanged(p, cmd.Revision); err != nil {
			return err
		}
		before := p.Owner
		cmd.onto(p, tx.Today())
		wrong := p.check()
		if p.Owner != before { // a person who has left may stay named until another is
			more, err := s.checkStaff(ctx, tx, staffed{"owner", p.Owner})
			if err != nil {
				return err
			}
			wrong = append(wrong, more...)
		}
		if len(wrong) > 0 {
			return qms.InvalidFields(wrong...)
		}
		return tx.Update(ctx, p)
	})
	if err != nil {
		return nil, err
	}
	return p, nil
}

func (cmd ReviseProcess) onto(p *Process, today qms.Date) {
	set(&p.Name, cmd.Name)
	set(&p.Type, cmd.Type)
	set(&p.Owner, cmd.Owner)
	set(&p.Purpose, cmd.Purpose)
	set(&p.Place, cmd.Place)
	if cmd.Retired != nil {
		retire(&p.RetiredOn, *cmd.Retired, today)
	}
}

// NameProcess gives a process its name, and makes it when the platform has none of that code.
func (s *Service) NameProcess(ctx context.Context, platform qms.ID, code, name string) error {
	named := Process{Code: code, Name: name}
	if wrong := named.check(); len(wrong) > 0 {
		return qms.InvalidFields(wrong...)
	}
	act := qms.Act{Name: "process.name", Needs: qms.ControlDocuments.On(platform), Platform: platform}
	return s.db.Change(ctx, act, func(tx *store.Tx) error {
		p, err := processByCode(ctx, tx, platform, named.Code)
		switch {
		case qms.CodeOf(err) == qms.CodeNotFound:
			return tx.Insert(ctx, &named)
		case err != nil:
			return err
		}
		p.Name = named.Name
		return tx.Update(ctx, p)
	})
}

// relinkForProcesses reads the texts again where a code is only known by its process.
func relinkForProcesses(ctx context.Context, tx *store.Tx) error {
	codes, err := codesOf(ctx, tx, tx.Act().Platform)
	if err != nil || codes.pattern.Uses("kind") || !codes.pattern.Uses("process") {
		return err
	}
	return relinkAll(ctx, tx)
}

// ProcessByCode is one process of the platform.
func (s *Service) ProcessByCode(ctx context.Context, platform qms.ID, code string) (p *Process, err error) {
	err = s.db.View(ctx, qms.ReadDocuments.On(platform), func(r store.Reader) error {
		p, err = processByCode(ctx, r, platform, tidyWord(code))
		return err
	})
	return p, err
}

// Names gives the names of persons that the platform's documents or processes name.
func (s *Service) Names(ctx context.Context, platform qms.ID, persons ...qms.ID) (names map[qms.ID]string, err error) {
	err = s.db.View(ctx, qms.ReadDocuments.On(platform), func(r store.Reader) error {
		names, err = s.people.Names(ctx, r, persons)
		return err
	})
	return names, err
}
