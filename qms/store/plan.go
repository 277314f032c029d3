package store

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"github.com/uptrace/bun/schema"

	"maillon/qms"
)

// plan is what the store knows of a row struct: worked out once, used for every row.
type plan struct {
	table   *schema.Table
	fields  []*schema.Field // in the order of the struct
	columns string          // of fields, quoted, for INSERT
	keys    []key           // of the canonical JSON, sorted by name
	ofSite  bool            // records of the site even in a platform's act
}

// key is one member of a row's canonical JSON.
type key struct {
	field  *schema.Field
	prefix string // `"name":`
	digest bool   // the trail keeps the SHA-256 of the value instead of the value
}

// planOf looks the type up, or works it out.
func (db *DB) planOf(row qms.Record) (*plan, reflect.Value, error) {
	pointer := reflect.ValueOf(row)
	if pointer.Kind() != reflect.Pointer || pointer.IsNil() || pointer.Elem().Kind() != reflect.Struct {
		return nil, reflect.Value{}, fmt.Errorf("store: %T is not a pointer to a row struct", row)
	}
	typ := pointer.Type().Elem()
	if known, ok := db.plans.Load(typ); ok {
		return known.(*plan), pointer.Elem(), nil
	}
	made, err := db.makePlan(typ)
	if err != nil {
		return nil, reflect.Value{}, err
	}
	db.plans.Store(typ, made)
	return made, pointer.Elem(), nil
}

func (db *DB) makePlan(typ reflect.Type) (*plan, error) {
	first := reflect.StructField{}
	if typ.NumField() > 0 {
		first = typ.Field(0)
	}
	if !first.Anonymous || first.Type != reflect.TypeFor[qms.Row]() {
		return nil, fmt.Errorf("store: %s does not embed qms.Row first", typ)
	}
	p := &plan{table: db.sealed.Table(typ), ofSite: first.Tag.Get("trail") == "site"}
	p.fields = p.table.Fields
	if len(p.table.PKs) != 1 || p.table.PKs[0].Name != "id" {
		return nil, errors.New("store: " + typ.String() + " has another primary key than qms.Row's")
	}
	var columns []byte
	for i, field := range p.fields {
		if i > 0 {
			columns = append(columns, ", "...)
		}
		columns = append(columns, field.SQLName...)
		digest := field.StructField.Tag.Get("trail") == "digest"
		p.keys = append(p.keys, key{field: field, prefix: `"` + field.Name + `":`, digest: digest})
	}
	p.columns = string(columns)
	slices.SortFunc(p.keys, func(a, b key) int { return cmp.Compare(a.field.Name, b.field.Name) })
	return p, nil
}

// into is the table with its columns.
func (p *plan) into() string { return string(p.table.SQLName) + " (" + p.columns + ")" }

// json is the canonical JSON of a row as the trail keeps it: column names as keys.
func (p *plan) json(row reflect.Value) ([]byte, error) {
	b := make([]byte, 0, 48*len(p.keys))
	b = append(b, '{')
	for i, k := range p.keys {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, k.prefix...)
		value, err := columnValue(k.field, row)
		if err == nil {
			b, err = appendValue(b, value, k.digest)
		}
		if err != nil {
			return nil, fmt.Errorf("%s.%s: %w", p.table.Name, k.field.Name, err)
		}
	}
	return append(b, '}'), nil
}
