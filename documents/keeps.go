package documents

import (
	"context"

	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/store"
)

// versionWords is how people call the version v of the document d.
const versionWords = "SELECT d.code || ' v' || v.major || '.' || v.minor || ' ' || d.title FROM versions AS v JOIN documents AS d ON d.id = v.document WHERE v.id = t.version"

const versionPage = "(SELECT d.code FROM versions AS v JOIN documents AS d ON d.id = v.document WHERE v.id = t.version)"

// ContentColumns lists every column of the room that names contents of the vault. What was approved and the
// PDF of it are held, longer as long as the version is in force, and at least for the retention of the document.
func ContentColumns() []store.ContentColumn {
	return []store.ContentColumn{
		{Table: "versions", Column: "content", Size: "size", Under: "documents", Page: "(SELECT d.code FROM documents AS d WHERE d.id = t.document)",
			Words: "(SELECT d.code || ' v' || t.major || '.' || t.minor || ' ' || d.title || ', ' || t.file_name FROM documents AS d WHERE d.id = t.document)",
			Held:  "t.effective_from IS NOT NULL AND t.state IN ('approved', 'withdrawn') AND t.disposed_on IS NULL", Lasting: lasting("t"),
			Months: "(SELECT d.retention_months FROM documents AS d WHERE d.id = t.document)"},
		{Table: "renditions", Column: "content", Size: "size", Under: "documents", Page: versionPage, Words: "(" + versionWords + ") || ', PDF'",
			Held:    "EXISTS (SELECT 1 FROM versions AS v WHERE v.id = t.version AND v.disposed_on IS NULL)",
			Lasting: "EXISTS (SELECT 1 FROM versions AS v WHERE v.id = t.version AND " + lasting("v") + ")",
			Months:  "(SELECT d.retention_months FROM documents AS d WHERE d.id = t.document)"},
		{Table: "renditions", Column: "base", Under: "documents", Page: versionPage, Words: "(" + versionWords + ") || ', PDF'"},
		{Table: "renditions", Column: "source", Under: "documents", Page: versionPage, Words: "(" + versionWords + ")"},
		{Table: "signatures", Column: "content", Under: "documents", Page: versionPage, Words: "(" + versionWords + ")"},
		{Table: "contents", Column: "digest"},
		{Table: "records", Column: "content", Size: "size", Under: "records", Page: "t.number", Words: "t.number || ' ' || t.title || ', ' || t.file_name"},
		{Table: "disposals", Column: "content", Words: "t.label || ' ' || t.title"},
		{Table: "document_settings", Column: "logo", Size: "logo_size", Words: "'logo'"},
		{Table: "kit_versions", Column: "content", Size: "size", Under: "kit", Page: "(SELECT k.code FROM kit_templates AS k WHERE k.id = t.template)",
			Words: "(SELECT k.code || ' v' || t.major || '.' || t.minor || ', ' || t.file_name FROM kit_templates AS k WHERE k.id = t.template)"},
		{Table: "kit_contents", Column: "digest"},
	}
}

// lasting is the condition under which a version is in force, or will be, on the day that is asked about.
func lasting(version string) string {
	return version + ".state = 'approved' AND (" + version + ".effective_until IS NULL OR " + version + ".effective_until > ?)"
}

// Keeps reports whether a document or a record of any platform, or a template of the kit, names the content, for the sweep of the vault.
func (s *Service) Keeps(ctx context.Context, d vault.Digest) (kept bool, err error) {
	err = s.db.View(ctx, qms.OperateSite.OnSite(), func(r store.Reader) error {
		kept, err = store.NamesContent(ctx, r, ContentColumns(), d)
		return err
	})
	return kept, err
}
