package documents

import (
	"context"
	"slices"
	"strconv"

	"maillon/qms"
	"maillon/qms/store"
)

// SignatureDays is by how many days after it was put in review a version should be signed.
const SignatureDays = 14

// Dues lists what the documents of the platforms ask for, of all when none is named: periodic reviews,
// looks for a new edition, signatures, readings, the end of retentions and templates that moved on, that are not done as of day
// and fall due by until. It takes nineteen statements at most. Who reads it decides what is shown to
// whom: it leaves nothing out.
func (s *Service) Dues(ctx context.Context, r store.Reader, platforms []qms.ID, day, until qms.Date) (due []qms.Due, err error) {
	parts := []func(context.Context, store.Reader, []qms.ID, qms.Date, qms.Date) ([]qms.Due, error){
		reviewDues, watchDues, signatureDues, s.readingDues, retentionDues, kitDues,
	}
	for _, part := range parts {
		some, err := part(ctx, r, platforms, day, until)
		if err != nil {
			return nil, err
		}
		due = append(due, slices.DeleteFunc(some, func(d qms.Due) bool { return d.On > until })...)
	}
	qms.SortDues(due)
	return due, nil
}

func reviewDues(ctx context.Context, r store.Reader, platforms []qms.ID, day, until qms.Date) ([]qms.Due, error) {
	versions, err := reviewsUntil(ctx, r, platforms, day, until)
	if err != nil || len(versions) == 0 {
		return nil, err
	}
	documents, err := reviewedDocuments(ctx, r, platforms, day, until)
	return Due(documents, versions, day, until), err
}

func watchDues(ctx context.Context, r store.Reader, platforms []qms.ID, _, until qms.Date) ([]qms.Due, error) {
	documents, err := watchedUntil(ctx, r, platforms, until)
	return WatchDue(documents, until), err
}

func signatureDues(ctx context.Context, r store.Reader, platforms []qms.ID, day, _ qms.Date) ([]qms.Due, error) {
	versions, err := toSign(ctx, r, platforms, day)
	if err != nil || len(versions) == 0 {
		return nil, err
	}
	documents, err := signedDocuments(ctx, r, platforms, day)
	return SignaturesDue(documents, versions), err
}

// SignaturesDue lists the signatures that versions in review wait for, each so many days after its
// round began. It is pure.
func SignaturesDue(documents map[qms.ID]*Document, versions []*Version) (due []qms.Due) {
	for _, v := range versions {
		person, meaning := v.Next()
		d := documents[v.Document]
		if d == nil || meaning == "" {
			continue
		}
		due = append(due, qms.Due{
			Key: "signature:" + string(v.ID) + ":" + string(meaning) + ":" + v.SubmittedOn.String(), Kind: "signature", Platform: v.Platform,
			Subject: d.ID, Title: d.Code + " " + d.Title, On: v.SubmittedOn.AddDays(SignatureDays), Person: person, Parts: []string{"documents", d.Code}, Revision: v.Revision,
		})
	}
	return due
}

// readingDues makes the readings of one platform after the other, so that memory holds the signatures
// of one.
func (s *Service) readingDues(ctx context.Context, r store.Reader, platforms []qms.ID, day, _ qms.Date) ([]qms.Due, error) {
	of, err := s.evidenceOn(ctx, r, platforms, day)
	if err != nil || len(of) == 0 {
		return nil, err
	}
	var due []qms.Due
	var last qms.ID
	judge := func(platform qms.ID) {
		if e := of[platform]; e != nil {
			some := ReadingsDue(e.readings(day))
			for n := range some {
				some[n].Revision += e.moves[platform] + e.moves[some[n].Person]
			}
			due = append(due, some...)
			delete(of, platform)
		}
	}
	err = eachReading(ctx, r, platforms, day, func(sig Signature) {
		if sig.Platform != last {
			judge(last)
			last = sig.Platform
		}
		if e := of[sig.Platform]; e != nil {
			e.signatures[sig.Version] = append(e.signatures[sig.Version], sig)
		}
	})
	for _, platform := range sortedKeys(of) {
		judge(platform)
	}
	return due, err
}

// evidenceOn is what readings are made of but for the signatures, by platform.
func (s *Service) evidenceOn(ctx context.Context, r store.Reader, platforms []qms.ID, day qms.Date) (map[qms.ID]*evidence, error) {
	entries, err := addresseesOn(ctx, r, platforms)
	if err != nil || len(entries) == 0 {
		return nil, err
	}
	documents, err := addressedDocuments(ctx, r, platforms)
	if err != nil {
		return nil, err
	}
	versions, err := answeredVersions(ctx, r, platforms, day)
	if err != nil {
		return nil, err
	}
	rules, err := readingRules(ctx, r, platforms)
	if err != nil {
		return nil, err
	}
	holdings, err := s.people.HoldingsOn(ctx, r, platforms)
	if err != nil {
		return nil, err
	}
	of := map[qms.ID]*evidence{}
	for _, a := range entries {
		if of[a.Platform] == nil {
			of[a.Platform] = &evidence{documents: documents, versions: map[qms.ID][]*Version{}, entries: map[string][]Addressee{}, holdings: holdings,
				signatures: map[qms.ID][]Signature{}, late: map[qms.ID]int64{a.Platform: DefaultLateDays}, moves: movesOf(holdings[a.Platform])}
			if rule := rules[a.Platform]; rule != nil {
				of[a.Platform].late[a.Platform] = rule.LateDays
				of[a.Platform].moves[a.Platform] += rule.Revision
			}
		}
		of[a.Platform].address(a)
		of[a.Platform].moves[a.Platform] += a.Revision
	}
	for _, v := range versions {
		if e := of[v.Platform]; e != nil && documents[v.Document] != nil {
			e.versions[v.Document] = append(e.versions[v.Document], v)
		}
	}
	return of, nil
}

// movesOf counts the changes of the roles of each person.
func movesOf(holdings []Holding) map[qms.ID]int64 {
	moves := make(map[qms.ID]int64, len(holdings))
	for _, h := range holdings {
		moves[h.Person] += h.Revision
	}
	return moves
}

// retentionDues is one due a platform, however many contents wait for a decision: it is taken about all
// of them at once, on the page that lists them. Its title is the first of them by its name and how
// many more there are. Its day follows from every record of the platform, so its revision is the length
// of the platform's trail.
func retentionDues(ctx context.Context, r store.Reader, platforms []qms.ID, day, until qms.Date) ([]qms.Due, error) {
	all, err := endings(ctx, r, platforms, day, until)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	due := RetentionsDue(all)
	lengths, err := trailLengths(ctx, r)
	for n := range due {
		due[n].Revision = lengths[due[n].Platform]
	}
	return due, err
}

// RetentionsDue gathers endings by platform. It is pure.
func RetentionsDue(all []ending) (due []qms.Due) {
	at, counts := map[qms.ID]int{}, map[qms.ID]int64{}
	for _, e := range all {
		end, some := e.kept.End()
		if !some {
			continue
		}
		n, known := at[e.platform]
		if !known {
			n = len(due)
			at[e.platform] = n
			due = append(due, qms.Due{Kind: "retention", Platform: e.platform, Subject: e.platform, Title: e.label, On: end, Parts: []string{"documents", "disposal"}})
		}
		d := &due[n]
		counts[e.platform] += e.count
		d.On, d.Title = min(d.On, end), min(d.Title, e.label)
	}
	for n := range due {
		d := &due[n]
		d.Key = "retention:" + string(d.Platform)
		if more := counts[d.Platform] - 1; more > 0 {
			d.Title += " (+" + strconv.FormatInt(more, 10) + ")"
		}
	}
	return due
}
