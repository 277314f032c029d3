package audits

import (
	"cmp"
	"context"

	"maillon/audits/pack"
	"maillon/documents"
	"maillon/qms"
	"maillon/qms/people"
)

// inForce lists the versions in force with who signed them, and where their files are in the archive.
func (g *gathering) inForce(ctx context.Context) error {
	entries, byID, err := documents.InForceIn(ctx, g.r, g.platform, g.asOf)
	if err != nil {
		return err
	}
	versions, persons := make([]qms.ID, 0, len(entries)), []qms.ID{}
	for i := range entries {
		v := &entries[i]
		versions = append(versions, v.ID)
		persons = append(persons, v.Author, v.Verifier, v.Approver)
	}
	signatures, err := documents.SignaturesIn(ctx, g.r, g.platform, versions)
	if err != nil {
		return err
	}
	names, err := people.NamesOf(ctx, g.r, compact(persons))
	if err != nil {
		return err
	}
	panel := pack.Panel{Text: []string{g.say.T("pack.in_force_text", len(entries), g.say.LongDate(g.asOf))}, Empty: g.say.T("pack.in_force_none"),
		Columns: g.columns(head{"pack.col.code", 30}, head{"pack.col.title", 70}, head{"pack.col.effective", 24}, head{"pack.in_force_author", 34},
			head{"pack.in_force_verifier", 40}, head{"pack.in_force_approver", 40}, head{"pack.col.file", 60})}
	for i := range entries {
		v, d := &entries[i], byID[entries[i].Document]
		g.shown(v.ID)
		code := strong(d.Code)
		code.Below, code.Mark = g.say.T("pack.version", v.Number()), pack.DocumentMark(d.Code)
		panel.Rows = append(panel.Rows, []pack.Told{code, plain(d.Title), g.date(v.EffectiveFrom), plain(names[v.Author]),
			g.visa(v, documents.Verified, names[v.Verifier], signatures), g.visa(v, documents.ApprovedBy, names[v.Approver], signatures), g.fileCell(v)})
	}
	if len(entries) == 0 {
		panel.Text = nil
	}
	g.tell("in-force", panel)
	return nil
}

// visa is who answers for the version, and when they signed it with their password.
func (g *gathering) visa(v *documents.Entry, meaning documents.Meaning, name string, signatures map[qms.ID][]documents.Signature) pack.Told {
	one := plain(name)
	for _, s := range signatures[v.ID] {
		if s.Meaning == meaning && v.Counts(s) && s.SignedOn <= g.asOf {
			g.shown(s.ID)
			one.Text = cmp.Or(s.Name, name)
			one.Below = g.say.T("pack.in_force_signed", g.say.SignedAt(s.SignedAt, s.Zone))
		}
	}
	if one.Text != "" && one.Below == "" && v.TakenOver {
		one.Below = g.say.T("pack.in_force_before")
	}
	return one
}

// fileCell says what the file is and where it is found in the archive.
func (g *gathering) fileCell(v *documents.Entry) pack.Told {
	if !v.HasContent() {
		return g.state("missing", g.say.T("pack.no_content"))
	}
	return pack.Told{Below: g.say.Size(v.Size) + ", SHA-256 " + v.Content.String()[:16] + "…", Refs: []pack.Ref{{Text: v.FileName, File: v.Content}}}
}

// compact is each identifier once, the empty one left out.
func compact(ids []qms.ID) []qms.ID {
	seen := map[qms.ID]bool{"": true}
	var kept []qms.ID
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			kept = append(kept, id)
		}
	}
	return kept
}
