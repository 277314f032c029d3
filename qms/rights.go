package qms

import "slices"

// Role is what somebody is, on the site or on one platform (DESIGN, section 8).
type Role string

// The roles on the site.
const (
	Administrator  Role = "administrator"   // accounts and settings; no quality decisions by that role alone
	QualityOfficer Role = "quality-officer" // all platforms
)

// The roles on a platform. Auditor is held on named platforms, from a day to a day.
const (
	Manager     Role = "manager"
	QualityLead Role = "quality-lead"
	Member      Role = "member"
	User        Role = "user" // of equipment: own trainings and the documents addressed to them
	Auditor     Role = "auditor"
)

// Right is one thing that a role may do.
type Right string

// The rights. A new service function takes one of these or adds one here, with its row below.
const (
	Public               Right = "public"                // directory, price lists: anybody
	SignedIn             Right = "signed-in"             // one's own account, sessions and name
	ManageAccounts       Right = "manage-accounts"       // persons, accounts, roles on the site
	ManagePlatforms      Right = "manage-platforms"      // make and rename platforms
	ManageMembers        Right = "manage-members"        // memberships and roles on a platform
	ReadPlatform         Right = "read-platform"         // lists and dashboards of a platform
	ReadDocuments        Right = "read-documents"        // versions in force, and old ones marked
	ReadLibrary          Right = "read-library"          // every document, not only those addressed to oneself
	ReadDrafts           Right = "read-drafts"           // drafts and versions in review
	WriteDocuments       Right = "write-documents"       // make documents and versions, put them in review
	ApproveDocuments     Right = "approve-documents"     // verify, approve, reject; the rules say whose turn it is
	AcknowledgeDocuments Right = "acknowledge-documents" // sign that one has read what is addressed to one
	ControlDocuments     Right = "control-documents"     // withdraw, recall for another, change owner and pattern
	ReadTrace            Right = "read-trace"            // services, equipment, trainings, uses
	WriteTrace           Right = "write-trace"           // record requests, quotes, reports, invoices, uses
	ManageEquipment      Right = "manage-equipment"      // equipment, calibrations, trainings
	ManagePrices         Right = "manage-prices"         // price lists and how a platform sells
	ImportRegisters      Right = "import-registers"      // whole registers and folders at once
	ReadExercises        Right = "read-exercises"        // exercises and their results
	RunExercises         Right = "run-exercises"         // check everything; draw and answer, to practise
	EvaluatePlatform     Right = "evaluate-platform"     // draw, answer and sign an exercise that counts
	MakePacks            Right = "make-packs"            // make and download audit packs
	ReadLabel            Right = "read-label"            // candidacy, sessions, self-assessment, missions, label
	WriteLabel           Right = "write-label"           // what the platform itself states of these
	AccompanyPlatform    Right = "accompany-platform"    // what the programme states: plan, missions, decisions; on the site: referential, kit, portfolio
	ReadTrail            Right = "read-trail"            // the journal, checkpoints and proofs
	OperateSite          Right = "operate-site"          // settings, verification of the whole trail, migrations
)

// table is the one place where rights are decided. Administrator and QualityOfficer hold theirs on
// the site and on every platform; the others on the platform of their grant.
var table = map[Right][]Role{
	ManageAccounts:       {Administrator},
	ManagePlatforms:      {Administrator, QualityOfficer},
	ManageMembers:        {Administrator, QualityOfficer, Manager},
	ReadPlatform:         {Administrator, QualityOfficer, Manager, QualityLead, Member, Auditor},
	ReadDocuments:        {QualityOfficer, Manager, QualityLead, Member, User, Auditor},
	ReadLibrary:          {QualityOfficer, Manager, QualityLead, Member, Auditor},
	ReadDrafts:           {QualityOfficer, Manager, QualityLead, Member},
	WriteDocuments:       {QualityOfficer, Manager, QualityLead, Member},
	ApproveDocuments:     {QualityOfficer, Manager, QualityLead, Member},
	AcknowledgeDocuments: {QualityOfficer, Manager, QualityLead, Member, User},
	ControlDocuments:     {QualityOfficer, Manager, QualityLead},
	ReadTrace:            {QualityOfficer, Manager, QualityLead, Member, Auditor},
	WriteTrace:           {QualityOfficer, Manager, QualityLead, Member},
	ManageEquipment:      {QualityOfficer, Manager, QualityLead},
	ManagePrices:         {QualityOfficer, Manager, QualityLead},
	ImportRegisters:      {QualityOfficer, Manager, QualityLead},
	ReadExercises:        {QualityOfficer, Manager, QualityLead, Member, Auditor},
	RunExercises:         {QualityOfficer, Manager, QualityLead},
	EvaluatePlatform:     {QualityOfficer},
	MakePacks:            {QualityOfficer, Manager, QualityLead, Auditor},
	ReadLabel:            {QualityOfficer, Manager, QualityLead, Member, Auditor},
	WriteLabel:           {QualityOfficer, Manager, QualityLead},
	AccompanyPlatform:    {QualityOfficer},
	ReadTrail:            {Administrator, QualityOfficer, Manager, QualityLead, Auditor},
	OperateSite:          {Administrator},
}

// Permission is a right on one platform, or on the site when Platform is empty.
type Permission struct {
	Right    Right
	Platform ID
}

// On is the right on that platform.
func (r Right) On(platform ID) Permission { return Permission{Right: r, Platform: platform} }

// OnSite is the right on the site as a whole.
func (r Right) OnSite() Permission { return Permission{Right: r} }

// onSite are the roles that reach every platform.
var onSite = []Role{Administrator, QualityOfficer}

// Can reports whether the actor holds the permission.
func (a Actor) Can(p Permission) bool {
	if a.System || p.Right == Public {
		return true
	}
	if a.ID == "" {
		return false
	}
	if p.Right == SignedIn {
		return true
	}
	holders := table[p.Right]
	return slices.ContainsFunc(a.Grants, func(g Grant) bool {
		reaches := g.Platform == "" && slices.Contains(onSite, g.Role) || g.Platform != "" && g.Platform == p.Platform
		return reaches && slices.Contains(holders, g.Role)
	})
}

// Authorise refuses what the actor may not do. What one may not see does not exist: an actor
// without any right to look into the platform is told that it is not found (DESIGN, section 8).
func Authorise(a Actor, p Permission) error {
	switch {
	case a.Can(p):
		return nil
	case a.IsZero():
		return Unauthenticated("right.sign_in")
	case p.Platform != "" && !a.sees(p.Platform):
		return NotFound("platform.not_found")
	}
	return Refuse("right.missing", string(p.Right))
}

func (a Actor) sees(platform ID) bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool {
		return g.Platform == platform || g.Platform == "" && slices.Contains(onSite, g.Role)
	})
}

// Roles lists every role, for forms and for the test of the whole matrix.
func Roles() []Role {
	return []Role{Administrator, QualityOfficer, Manager, QualityLead, Member, User, Auditor}
}

// Rights lists every right that the table decides.
func Rights() []Right {
	rights := make([]Right, 0, len(table))
	for r := range table {
		rights = append(rights, r)
	}
	slices.Sort(rights)
	return rights
}
