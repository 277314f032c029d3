package trace

import (
	"context"

	"maillon/qms"
)

func (d *DataSet) void() string              { return d.Void }
func (d *DataSet) setVoid(reason string)     { d.Void = reason }
func (t *RestoreTest) void() string          { return t.Void }
func (t *RestoreTest) setVoid(reason string) { t.Void = reason }

// AddDataSet enters one kind of data that a piece of equipment produces into the data map.
type AddDataSet struct {
	Platform  qms.ID
	Equipment qms.ID
	Name      string
	Format    string
	YearlyMB  int64 // megabytes in a usual year
	Typical   string
	Stored    string
	Backup    string
	Frequency string
	Retention string
	Owner     string
	Opened    string
	Remark    string
	Date      qms.Date // from which day; today when none
	Through   qms.Date // last day
}

// maxYearlyMB is an exabyte.
const maxYearlyMB = 1_000_000_000_000

func (c AddDataSet) state(in *checking, d *DataSet) {
	d.Name, d.Format, d.Typical = in.required("name", c.Name), in.text("format", c.Format), in.text("typical", c.Typical)
	if d.YearlyMB = c.YearlyMB; d.YearlyMB < 0 || d.YearlyMB > maxYearlyMB {
		in.fail("yearly", "data.size_implausible")
	}
	d.Stored, d.Backup, d.Frequency = in.text("stored", c.Stored), in.text("backup", c.Backup), in.text("frequency", c.Frequency)
	d.Retention, d.Owner, d.Opened = in.text("retention", c.Retention), in.text("owner", c.Owner), in.text("opened", c.Opened)
	d.Remark = in.long("remark", c.Remark)
	if c.Date == 0 {
		c.Date = in.tx.Today()
	}
	d.Date, d.Through = in.date("date", c.Date), in.date("through", c.Through)
	if d.Through != 0 && d.Through < d.Date {
		in.fail("through", "data.ends_before")
	}
}

// AddDataSet enters a data set.
func (s *Service) AddDataSet(ctx context.Context, cmd AddDataSet) (*DataSet, error) {
	act := qms.Act{Name: "data.add", Needs: qms.ManageEquipment.On(cmd.Platform), Platform: cmd.Platform}
	return enter(ctx, s, act, func(in *checking, d *DataSet) {
		d.Equipment = in.piece("equipment", cmd.Equipment)
		cmd.state(in, d)
	})
}

// CorrectDataSet puts right, or brings up to date, what was stated of a data set.
func (s *Service) CorrectDataSet(ctx context.Context, target Target, cmd AddDataSet) (*DataSet, error) {
	act := qms.Act{Name: "data.correct", Needs: qms.ManageEquipment.On(target.Platform)}
	return correct(ctx, s, act, target, func(in *checking, d *DataSet) {
		if cmd.Date == 0 {
			cmd.Date = d.Date
		}
		cmd.state(in, d)
	})
}

// VoidDataSet declares a data set a mistake.
func (s *Service) VoidDataSet(ctx context.Context, target Target) (*DataSet, error) {
	return annul[DataSet](ctx, s, qms.Act{Name: "data.void", Needs: qms.ManageEquipment.On(target.Platform)}, target)
}

// RecordRestoreTest notes that somebody tried to bring data back from its copy.
type RecordRestoreTest struct {
	Platform qms.ID
	DataSet  qms.ID
	Date     qms.Date
	Restored bool
	Person   qms.ID
	Remark   string
}

// RecordRestoreTest notes a restore test.
func (s *Service) RecordRestoreTest(ctx context.Context, cmd RecordRestoreTest) (*RestoreTest, error) {
	act := qms.Act{Name: "restore.record", Needs: qms.ManageEquipment.On(cmd.Platform), Platform: cmd.Platform}
	return enter(ctx, s, act, func(in *checking, t *RestoreTest) {
		d, err := byID[DataSet](in.ctx, in.tx, in.platform, cmd.DataSet)
		switch {
		case qms.CodeOf(err) == qms.CodeNotFound || err == nil && d.Void != "":
			in.fail("data_set", "data.not_here")
			return
		case err != nil:
			in.err = err
			return
		}
		t.DataSet, t.Equipment = d.ID, d.Equipment
		t.Date, t.Restored, t.Remark = in.past("date", cmd.Date), cmd.Restored, in.long("remark", cmd.Remark)
		t.Person = in.person("person", cmd.Person)
		if !t.Restored && blank(cmd.Remark) {
			in.fail("remark", "restore.failure_unexplained")
		}
	})
}

// VoidRestoreTest declares a restore test a mistake.
func (s *Service) VoidRestoreTest(ctx context.Context, target Target) (*RestoreTest, error) {
	return annul[RestoreTest](ctx, s, qms.Act{Name: "restore.void", Needs: qms.ManageEquipment.On(target.Platform)}, target)
}
