package documents

import (
	"context"
	"strings"

	"github.com/uptrace/bun"

	"maillon/qms"
	"maillon/qms/store"
)

func recordByNumber(ctx context.Context, r store.Reader, platform qms.ID, number string) (*Record, error) {
	var row Record
	return one(ctx, r.Select(&row).Where("platform = ? AND number = ?", platform, number), &row, qms.NotFound("record.unknown"))
}

func recordByID(ctx context.Context, r store.Reader, platform, id qms.ID) (*Record, error) {
	var row Record
	return one(ctx, r.Select(&row).Where("platform = ? AND id = ?", platform, id), &row, qms.NotFound("record.unknown"))
}

// recordState is Record.State in SQL; a test holds the two to each other.
const recordState = `CASE
	WHEN r.void <> '' THEN 'void'
	WHEN r.disposal = 'eliminate' THEN 'eliminated'
	WHEN r.disposal = 'archive' THEN 'archived'
	WHEN v.effective_from IS NULL OR v.effective_from > r.date OR v.effective_until <= r.date THEN 'outdated'
	ELSE 'sound' END`

const recordColumns = `r.id, r.number, r.date, r.title, r.title_key, r.about_kind, r.about_code, r.about_id, r.file_name, r.media_type, r.size,
	r.keep_until, r.disposal, r.disposed_on, d.code, d.title, d.retention_months, v.major, v.minor, `

const fromRecords = ` FROM records AS r JOIN documents AS d ON d.id = r.form JOIN versions AS v ON v.id = r.version WHERE r.platform = ?`

// where adds the filter to a query that begins with fromRecords.
func (f RecordFilter) where(q *query) *query {
	if f.Form != "" {
		q.add(" AND r.form = (SELECT id FROM documents WHERE platform = r.platform AND code = ?)", f.Form)
	}
	if f.AboutKind != "" {
		q.add(" AND r.about_kind = ?", f.AboutKind)
	}
	if f.AboutCode != "" {
		q.add(" AND r.about_code = ?", strings.ToUpper(f.AboutCode))
	}
	if f.From != 0 {
		q.add(" AND r.date >= ?", f.From)
	}
	if f.To != 0 {
		q.add(" AND r.date <= ?", f.To)
	}
	if f.State == "" {
		q.add(" AND r.void = ''")
	} else {
		q.add(" AND "+recordState+" = ?", f.State)
	}
	if text := fold(f.Query); text != "" {
		pattern := like(text)
		q.add(` AND (r.title_key LIKE ? ESCAPE '!' OR lower(r.number) LIKE ? ESCAPE '!')`, pattern, pattern)
	}
	return q
}

// like is the pattern of LIKE that finds the text anywhere, escaped by an exclamation mark.
func like(text string) string {
	return "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(text) + "%"
}

// sortRecords is the expression that RecordLine.key mirrors.
func sortRecords(by string, e store.Engine) string {
	bytes := ""
	if e == store.PostgreSQL {
		bytes = ` COLLATE "C"`
	}
	switch by {
	case "number":
		return "r.number" + bytes
	case "title":
		return "r.title_key" + bytes
	case "form":
		return "d.code" + bytes
	}
	return "r.date"
}

// recordPage reads one page of the list, one line more than asked for.
func recordPage(ctx context.Context, r store.Reader, platform qms.ID, f RecordFilter, after *position, limit int) ([]RecordLine, error) {
	column, down, err := f.order()
	if err != nil {
		return nil, err
	}
	if after != nil && column == "date" {
		if _, err := qms.ParseDate(after.Key); err != nil {
			return nil, qms.Invalid("cursor.malformed")
		}
	}
	by, number := sortRecords(column, r.Engine()), sortRecords("number", r.Engine())
	way, beyond := "ASC", ">"
	if down {
		way, beyond = "DESC", "<"
	}
	q := f.where((&query{}).add("SELECT "+recordColumns+recordState+fromRecords, platform))
	if after != nil {
		q.add(" AND ("+by+", "+number+") "+beyond+" (?, ?)", after.Key, after.Code)
	}
	q.add(" ORDER BY "+by+" "+way+", "+number+" "+way+" LIMIT ?", limit+1)
	return recordLines(ctx, r, q)
}

// recordsAbout are the records about one thing that count, the newest first: a thing may be known under
// several codes, as a chain is under those of all its records.
func recordsAbout(ctx context.Context, r store.Reader, platform qms.ID, kind About, codes []string, limit int) ([]RecordLine, error) {
	if len(codes) == 0 {
		return nil, nil
	}
	q := (&query{}).add("SELECT "+recordColumns+recordState+fromRecords, platform)
	q.add(" AND r.about_kind = ? AND r.about_code IN (?) AND r.void = '' ORDER BY r.date DESC, r.number DESC LIMIT ?", kind, bun.List(codes), limit)
	return recordLines(ctx, r, q)
}

func recordLines(ctx context.Context, r store.Reader, q *query) (lines []RecordLine, err error) {
	rows, err := r.Query(ctx, q.text.String(), q.args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var l RecordLine
		var about *string
		if err := rows.Scan(&l.ID, &l.Number, &l.Date, &l.Title, &l.TitleKey, &l.AboutKind, &l.AboutCode, &about, &l.FileName, &l.MediaType, &l.Size,
			&l.KeepUntil, &l.Disposal, &l.DisposedOn, &l.FormCode, &l.FormTitle, &l.Months, &l.On.Major, &l.On.Minor, &l.State); err != nil {
			return nil, err
		}
		if about != nil {
			l.AboutID = qms.ID(*about)
		}
		lines = append(lines, l)
	}
	return lines, rows.Err()
}

// recordCount is how many records count that were filled on a form.
func recordCount(ctx context.Context, r store.Reader, platform, form qms.ID) (n int64, err error) {
	err = r.Select((*Record)(nil)).ColumnExpr("COUNT(*)").Where("platform = ? AND form = ? AND void = ''", platform, form).Scan(ctx, &n)
	return n, err
}

// forms are the documents that can be filled: of the kind of forms, or with a record already; those
// that a platform without such a kind has are all its documents with a version that was approved.
func forms(ctx context.Context, r store.Reader, platform qms.ID) ([]*Document, error) {
	var all []*Document
	err := r.Select(&all).Where("platform = ?", platform).
		Where("EXISTS (SELECT 1 FROM versions AS v WHERE v.document = ?TableAlias.id AND v.effective_from IS NOT NULL)").
		Order("code").Scan(ctx)
	return all, err
}

// disposalsOf are the decisions about one content, the latest first.
func disposalsOf(ctx context.Context, r store.Reader, item qms.ID) (all []Disposal, err error) {
	err = r.Select(&all).Where("item = ?", item).Order("decided_at DESC", "id DESC").Scan(ctx)
	return all, err
}
