package api

// label registers the operations of the programme.
func (a *API) label() {
	a.referential()
	a.assessment()
	a.accompaniments()
	a.candidacies()
	a.portfolio()
	a.course()
	a.takenOver()
	a.missions()
}
