package api

import (
	"context"

	"maillon/qms"
	"maillon/qms/trace"
)

// equipmentPlans are the data map, the schedule and the plan of renewal.
func (a *API) equipmentPlans(one string) {
	const all, set = "/platforms/{platform}/data-sets", "/platforms/{platform}/data-sets/{id}"
	register(a, get(all, "list-data-sets", "The data map: what equipment produces, where it lies, and what is wanting", "equipment"), a.listDataSets)
	register(a, created(post(one+"/data-sets", "add-data-set", "Add to the data map", "equipment")), a.addDataSet)
	register(a, patch(set, "correct-data-set", "Correct or bring up to date what was stated of a data set", "equipment"), a.correctDataSet)
	register(a, atRevision(post(set+"/void", "void-data-set", "Declare a data set a mistake", "equipment")), a.voidDataSet)
	register(a, created(post(set+"/restore-tests", "record-restore-test", "Record a restore test", "equipment")), a.recordTest)
	register(a, atRevision(post("/platforms/{platform}/restore-tests/{id}/void", "void-restore-test", "Declare a restore test a mistake", "equipment")), a.voidTest)
	register(a, get("/platforms/{platform}/equipment-schedule", "list-equipment-schedule", "Calibrations and preventive maintenance that fall due, what is late first", "equipment"), a.listSchedule)
	register(a, get("/platforms/{platform}/renewal-plan", "get-renewal-plan", "The plan of renewal by year", "equipment"), a.renewalPlan)
}

// DataSet is one kind of data that a piece of equipment produces.
type DataSet struct {
	ID        qms.ID `json:"id"`
	Revision  int64  `json:"revision"`
	Equipment string `json:"equipment,omitempty" doc:"Code; absent where the equipment was named in the request"`
	Data
	Gaps     []trace.DataGap `json:"gaps,omitempty" doc:"What is wanting: no-store, no-backup, never-tested, test-too-old, test-failed, no-retention, no-owner"`
	LastTest *RestoreTest    `json:"last_test,omitempty"`
	Void     string          `json:"void,omitempty"`
}

// Data is what is stated of a data set.
type Data struct {
	Name      string   `json:"name" maxLength:"500"`
	Format    string   `json:"format,omitempty" maxLength:"500"`
	YearlyMB  int64    `json:"yearly_mb,omitempty" doc:"Megabytes in a usual year"`
	Typical   string   `json:"typical,omitempty" maxLength:"500" doc:"How much at a time, in words"`
	Stored    string   `json:"stored,omitempty" maxLength:"500"`
	Backup    string   `json:"backup,omitempty" maxLength:"500" doc:"Where the copy lies; absent for none"`
	Frequency string   `json:"frequency,omitempty" maxLength:"500" doc:"How often it is copied"`
	Retention string   `json:"retention,omitempty" maxLength:"500"`
	Owner     string   `json:"owner,omitempty" maxLength:"500"`
	Opened    string   `json:"opened,omitempty" maxLength:"500" doc:"Where it is open to others"`
	Remark    string   `json:"remark,omitempty" maxLength:"4000"`
	Date      qms.Date `json:"date,omitempty,omitzero" format:"date" doc:"From which day this holds; today when absent"`
	Through   qms.Date `json:"through,omitempty,omitzero" format:"date" doc:"Last day"`
}

func (d Data) command(platform, equipment qms.ID) trace.AddDataSet {
	return trace.AddDataSet{Platform: platform, Equipment: equipment, Name: d.Name, Format: d.Format, YearlyMB: d.YearlyMB, Typical: d.Typical, Stored: d.Stored, Backup: d.Backup,
		Frequency: d.Frequency, Retention: d.Retention, Owner: d.Owner, Opened: d.Opened, Remark: d.Remark, Date: d.Date, Through: d.Through}
}

func renderDataSet(d trace.DataSet) DataSet {
	return DataSet{ID: d.ID, Revision: d.Revision, Void: d.Void, Data: Data{Name: d.Name, Format: d.Format, YearlyMB: d.YearlyMB, Typical: d.Typical, Stored: d.Stored, Backup: d.Backup,
		Frequency: d.Frequency, Retention: d.Retention, Owner: d.Owner, Opened: d.Opened, Remark: d.Remark, Date: d.Date, Through: d.Through}}
}

var shownDataSet = shown(renderDataSet)

type listDataSets struct {
	InPlatform
	Paged
	AsOf
	Category string `query:"category"`
	Gaps     bool   `query:"gaps" doc:"Only those with something wanting"`
}

func (a *API) listDataSets(ctx context.Context, in *listDataSets) (*List[DataSet], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	f := trace.DataFilter{Category: in.Category, Gaps: in.Gaps}
	if f.AsOf, err = in.Day(a.today()); err != nil {
		return nil, err
	}
	m, err := a.s.Trace.DataMap(ctx, p.ID, f, in.Cursor())
	if err != nil {
		return nil, err
	}
	return list(&in.Paged, m.Lines, func(l trace.DataLine) DataSet {
		d := renderDataSet(l.Set)
		d.Equipment, d.Gaps = l.Equipment.Code, l.Gaps
		if l.Last != nil {
			t := renderTest(*l.Last)
			d.LastTest = &t
		}
		return d
	}), nil
}

type newDataSet struct {
	InPlatform
	Number string `path:"number" doc:"Code of the equipment"`
	Body   Data
}

func (a *API) addDataSet(ctx context.Context, in *newDataSet) (*One[DataSet], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	e, err := a.s.Trace.EquipmentByCode(ctx, p.ID, in.Number)
	if err != nil {
		return nil, err
	}
	return shownDataSet(a.s.Trace.AddDataSet(ctx, in.Body.command(p.ID, e.ID)))
}

// CorrectedData is what is stated of a data set anew.
type CorrectedData struct {
	Why
	Data
}

func (a *API) correctDataSet(ctx context.Context, in *onRecord[CorrectedData]) (*One[DataSet], error) {
	target, err := in.target(ctx, a, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return shownDataSet(a.s.Trace.CorrectDataSet(ctx, target, in.Body.command(target.Platform, "")))
}

func (a *API) voidDataSet(ctx context.Context, in *onRecord[Voiding]) (*One[DataSet], error) {
	target, err := in.target(ctx, a, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return shownDataSet(a.s.Trace.VoidDataSet(ctx, target))
}

// RestoreTest is one try to bring data back from its copy.
type RestoreTest struct {
	ID       qms.ID `json:"id"`
	Revision int64  `json:"revision"`
	DataSet  qms.ID `json:"data_set"`
	NewRestoreTest
	Void string `json:"void,omitempty"`
}

// NewRestoreTest is what is stated of a restore test.
type NewRestoreTest struct {
	Date     qms.Date `json:"date" format:"date"`
	Restored bool     `json:"restored" doc:"The data came back whole"`
	Person   qms.ID   `json:"person,omitempty" doc:"ID of a member of the platform"`
	Remark   string   `json:"remark,omitempty" maxLength:"4000" doc:"Required for a test that failed"`
}

func renderTest(t trace.RestoreTest) RestoreTest {
	return RestoreTest{ID: t.ID, Revision: t.Revision, DataSet: t.DataSet, Void: t.Void, NewRestoreTest: NewRestoreTest{Date: t.Date, Restored: t.Restored, Person: t.Person, Remark: t.Remark}}
}

var shownTest = shown(renderTest)

type newTest struct {
	InPlatform
	ID   string `path:"id" doc:"ID of the data set"`
	Body NewRestoreTest
}

func (a *API) recordTest(ctx context.Context, in *newTest) (*One[RestoreTest], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	id, err := qms.ParseID(in.ID)
	if err != nil {
		return nil, qms.NotFound("record.not_found")
	}
	if _, err := a.s.Trace.DataSet(ctx, p.ID, id); err != nil {
		return nil, err
	}
	b := in.Body
	return shownTest(a.s.Trace.RecordRestoreTest(ctx, trace.RecordRestoreTest{Platform: p.ID, DataSet: id, Date: b.Date, Restored: b.Restored, Person: b.Person, Remark: b.Remark}))
}

func (a *API) voidTest(ctx context.Context, in *onRecord[Voiding]) (*One[RestoreTest], error) {
	target, err := in.target(ctx, a, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return shownTest(a.s.Trace.VoidRestoreTest(ctx, target))
}

// ScheduleLine is a calibration or a preventive maintenance that equipment waits for.
type ScheduleLine struct {
	Kind      string   `json:"kind" enum:"calibration,maintenance"`
	Equipment string   `json:"equipment" doc:"Code"`
	Name      string   `json:"name"`
	Program   string   `json:"program,omitempty"`
	On        qms.Date `json:"on,omitzero" format:"date" doc:"Absent for equipment that was found unfit and not passed since"`
	State     string   `json:"state" enum:"valid,expiring,expired"`
}

type listSchedule struct {
	InPlatform
	Paged
	AsOf
	Kind  string `query:"kind" enum:"calibration,maintenance"`
	State string `query:"state" enum:"valid,expiring,expired"`
}

func (a *API) listSchedule(ctx context.Context, in *listSchedule) (*List[ScheduleLine], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	f := trace.ScheduleFilter{Kind: in.Kind, Standing: trace.Standing(in.State)}
	if f.AsOf, err = in.Day(a.today()); err != nil {
		return nil, err
	}
	page, err := a.s.Trace.Schedule(ctx, p.ID, f, in.Cursor())
	if err != nil {
		return nil, err
	}
	return list(&in.Paged, page, func(l trace.ScheduleLine) ScheduleLine {
		return ScheduleLine{l.Kind, l.Equipment.Code, l.Equipment.Name, l.Program, l.On, string(l.Standing)}
	}), nil
}

// RenewalPlan is what is to be renewed, by year.
type RenewalPlan struct {
	AsOf       qms.Date      `json:"as_of" format:"date"`
	TotalCents qms.Money     `json:"total_cents"`
	Years      []RenewalYear `json:"years"`
	Lines      []Renewal     `json:"lines"`
	Unplanned  []string      `json:"unplanned" doc:"Codes of equipment with nothing that says when"`
}

// RenewalYear is one year of the plan.
type RenewalYear struct {
	Year      int       `json:"year"`
	Count     int       `json:"count"`
	CostCents qms.Money `json:"cost_cents"`
	Late      bool      `json:"late"`
}

// Renewal is one piece of equipment in the plan.
type Renewal struct {
	Equipment string    `json:"equipment" doc:"Code"`
	Name      string    `json:"name"`
	Category  string    `json:"category,omitempty"`
	Year      int       `json:"year"`
	Planned   bool      `json:"planned" doc:"The year was decided, else it follows from the expected life"`
	CostCents qms.Money `json:"cost_cents"`
	Estimated bool      `json:"estimated" doc:"The cost is that of the purchase"`
	Late      bool      `json:"late"`
}

type askRenewals struct {
	InPlatform
	AsOf
	Category string `query:"category"`
	Years    int    `query:"years" minimum:"0" maximum:"30" doc:"How many, from that of the day on; all when absent"`
}

type renewalAnswer struct{ Body RenewalPlan }

func (a *API) renewalPlan(ctx context.Context, in *askRenewals) (*renewalAnswer, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	f := trace.RenewalFilter{Category: in.Category, Years: in.Years}
	if f.AsOf, err = in.Day(a.today()); err != nil {
		return nil, err
	}
	plan, _, err := a.s.Trace.Renewals(ctx, p.ID, f)
	if err != nil {
		return nil, err
	}
	out := RenewalPlan{AsOf: plan.AsOf, TotalCents: plan.Total,
		Years: rendered(plan.Years, func(y trace.RenewalYear) RenewalYear { return RenewalYear{y.Year, y.Count, y.Cost, y.Late} }),
		Lines: rendered(plan.Lines, func(r trace.Renewal) Renewal {
			return Renewal{r.Equipment.Code, r.Equipment.Name, r.Equipment.Category, r.Year, r.Planned, r.Cost, r.Estimated, r.Late}
		}),
		Unplanned: rendered(plan.Unplanned, func(r trace.Renewal) string { return r.Equipment.Code })}
	return &renewalAnswer{Body: out}, nil
}
