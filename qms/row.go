package qms

// Row is what every business record begins with; embed it first. The store fills it on insert and
// moves Revision on at each change, so that two people cannot overwrite each other unseen.
type Row struct {
	ID       ID `bun:",pk"`
	Platform ID // empty for a record of the site
	Revision int64
}

// Head gives the store and the doors the identity of the record.
func (r *Row) Head() *Row { return r }

// Record is any struct that embeds Row. Its table is the plural snake_case of its name.
type Record interface{ Head() *Row }
