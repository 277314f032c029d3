package web

// labelPages are those of the programme: candidacy, accompaniment, self-assessment, missions and label.
func (s *Site) labelPages() {
	s.meetingPages()
	s.candidacyPages()
	s.institutionPages()
	s.portfolioPages()
	s.courseSheets()
	s.missionPages()
	s.referentialPages()
	s.assessmentPages()
}
