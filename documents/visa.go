package documents

// Counts reports whether the signature is one that holds now: a visa of the round under way or done,
// or a periodic review. What was signed before a rejection, a recall or a change of verifier stays on
// record and counts no more; a rejection is an act and no visa.
func (v *Version) Counts(s Signature) bool {
	if s.Version != v.ID || s.Content != v.Content {
		return false
	}
	switch s.Meaning {
	case Authored:
		return s.Person == v.Author && s.SignedAt.Equal(v.SubmittedAt)
	case Verified:
		return s.Person == v.Verifier && s.SignedAt.Equal(v.VerifiedAt)
	case ApprovedBy:
		return s.Person == v.Approver && s.SignedAt.Equal(v.ApprovedAt)
	case Reviewed:
		return true
	}
	return false
}

// Visas are the signatures of author, verifier and approver that hold, in their order: what a cover
// page shows.
func (e *Entry) Visas() (visas []Signature) {
	for _, meaning := range []Meaning{Authored, Verified, ApprovedBy} {
		for _, s := range e.Signatures {
			if s.Meaning == meaning && e.Counts(s) {
				visas = append(visas, s)
			}
		}
	}
	return visas
}

// Unresolved counts the comments that wait for an answer.
func (e *Entry) Unresolved() (n int) {
	for _, c := range e.Comments {
		if c.ResolvedOn == 0 {
			n++
		}
	}
	return n
}

// Standing is how a signature under the version stands now.
func (v *Version) Standing(s Signature) Standing {
	return (&SignedContent{Signature: s, Of: *v}).Standing()
}
