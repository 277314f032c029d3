package documents

import (
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/store/storetest"
)

// rules maps each sentence of the design about codes, versions and rounds (section 3; ISO 9001, 7.5)
// to the tests that hold it. A test below keeps the map true.
var rules = map[string][]string{
	"the review interval is 24 months by default": {"TestDocument_IsReviewedEvery24MonthsUnlessItSaysOtherwise"},
	"kinds are data":                                                     {"TestKinds_BecomeThePlatformsOwnOnTheFirstEdit"},
	"each platform has a pattern":                                        {"TestPattern_PrintsOneCodeForEachNumberOfASeries", "TestSetPattern_ChangesTheCodesToCome"},
	"{seq} counts within the other tokens":                               {"TestCreate_GivesOutCodesWithoutGaps"},
	"{seq} has no gaps among issued codes":                               {"TestCreate_GivesOutCodesWithoutGaps", "TestCodes_HaveNoGapAndNoReuseUnderConcurrency"},
	"{seq} is shown before it is issued":                                 {"TestCreate_GivesOutCodesWithoutGaps", "TestPattern_ShowsWhatItWouldGiveBeforeItIsSet"},
	"a platform keeps the codes it has":                                  {"TestCreate_AdoptsACodeAndCountsOnAfterIt"},
	"the counter starts after the highest adopted":                       {"TestCreate_AdoptsACodeAndCountsOnAfterIt", "TestCode_GoesOnAfterTheHighestAdoptedBeforeThePatternWasSet"},
	"numbers are never reused":                                           {"TestCreate_NeverGivesACodeTwiceUnderConcurrency", "TestCodes_HaveNoGapAndNoReuseUnderConcurrency"},
	"a version's number is major.minor":                                  {"TestParseNumber_ReadsWhatPeopleWrite", "TestNewVersion_IsOneAtATimeAndGoesOn"},
	"a version has its files as given, in any format":                    {"TestOpen_HandsOutWhatWasPut", "TestReceive_RefusesBadFilesAndKeepsNothing"},
	"a version has a reason for the change":                              {"TestNewVersion_IsOneAtATimeAndGoesOn", "TestStates_ChangeOnlyAsDrawn"},
	"draft, in review, approved, effective, superseded, withdrawn":       {"TestStates_ChangeOnlyAsDrawn", "TestStateOn_FollowsTheDatesWithoutAJob"},
	"a rejection says why and goes back to draft":                        {"TestRound_HoldsItsOrderAndItsPeople", "TestRound_RejectRecallAndWithdrawKeepWhatWasSigned"},
	"a recall is by author or quality officer and says why":              {"TestRound_HoldsItsOrderAndItsPeople", "TestRound_RejectRecallAndWithdrawKeepWhatWasSigned"},
	"any but draft is withdrawn, with a reason":                          {"TestStates_ChangeOnlyAsDrawn", "TestWithdraw_FromReviewHidesWhatWasNeverApproved"},
	"verifier and approver sign with their password again":               {"TestDocuments_WalkFromTheFileToTheVersionInForce", "TestDocumentsAPI_WalksFromTheDraftToTheVersionInForce"},
	"a signature states its meaning and names the SHA-256 it covers":     {"TestSignature_StatesItsMeaningAndNamesTheContentItCovers"},
	"author, verifier and approver are three people":                     {"TestSubmit_WantsThreePeople", "TestPeriods_TouchAndNeverOverlapOverAnySequenceOfActs"},
	"verifier and approver can change while a round runs":                {"TestReassign_KeepsTheVerificationWhenTheApproverChangesAndDropsItWithTheVerifier", "TestReassign_LetsARoundGoOnWithWhoIsThere"},
	"the author of a draft can change":                                   {"TestHandOver_GivesADraftToAnotherAuthor"},
	"a platform may hold a recorded exemption with reason and signatory": {"TestExemption_IsRecordedWithReasonAndSignatoryAndEndedByAnAct", "TestExemption_LetsTwoPartsBeOnePersonAndNeverThree", "TestExemption_EndedMeanwhileStopsTheSignatureItMadePossible"},
	"the cover page then says so":                                        {"TestExemption_IsNamedByTheVersionAndSaidInASentence"},
	"an approved version carries its date of effect, today or later":     {"TestApprove_NeverTakesEffectBeforeAVersionApprovedEarlier", "TestSubmit_ProposesTheDayThatApprovalTakes"},
	"on that day it takes effect by itself":                              {"TestEffect_ComesOnItsDayWithoutAJobWhateverTheClockDoes", "TestEffect_BeginsAtMidnightWhereThePlatformIs", "TestRound_TakesAVersionIntoEffectByItself"},
	"the one before becomes superseded":                                  {"TestRound_TakesAVersionIntoEffectByItself", "TestStateOn_FollowsTheDatesWithoutAJob"},
	"exactly one version is in force on any day on which one is":         {"TestVersions_ExactlyOneIsInForceOnAnyDayOnWhichOneIs"},
	"the periods touch and never overlap":                                {"TestPeriods_TouchAndNeverOverlapOverAnySequenceOfActs"},
	"whoever acts at once, one order of the acts explains it":            {"TestRaces_AreOnesTheModelAllows", "TestRaces_OfTwoEndInOneWinner"},
	"a periodic review ends in reviewed, no change, signed":              {"TestReviewUnchanged_IsSignedAndMovesTheNextDateOnFromItsDay", "TestReviewUnchanged_IsForTheOwnerTheApproverAndWhoControlsDocuments"},
	"the next date moves on":                                             {"TestReviewUnchanged_LeavesTheNextOneAWholeIntervalAway", "TestReviewUnchanged_KeepsCountingWhenTheIntervalIsCorrected"},
	"or it ends in a new version":                                        {"TestReview_AlsoEndsInANewVersion"},
	"the original is kept untouched":                                     {"TestOpen_HandsOutWhatWasPut"},
	"readers get the version in force":                                   {"TestRound_TakesAVersionIntoEffectByItself", "TestDocuments_WalkFromTheFileToTheVersionInForce"},
	"drafts are for their team only":                                     {"TestActs_AreRefusedToWhoMayNot", "TestReach_ADraftIsTheTeamsEvenWhenTheDocumentIsAddressed"},
	"superseded ones on request, and marked":                             {"TestOpen_MarksWhatIsNotInForce"},
	"comments are append-only and for the team":                          {"TestComment_IsKeptAsItWasSaid", "TestComment_IsResolvedOnceByItsAuthorOrTheVersions"},
	"whoever is next is told":                                            {"TestTasks_FollowTheRoundFromHandToHand", "TestTasks_AreOfPlatformsThatTheActorReads"},
	"the master list is as of any date":                                  {"TestMasterList_AgreesWithStateOnOnEveryDay"},
}

func TestRules_EachHasATestNamedAfterIt(t *testing.T) {
	t.Parallel()
	there := map[string]bool{}
	for _, root := range []string{".", "../server/web", "../server/app"} {
		err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !strings.HasSuffix(path, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(gotoken.NewFileSet(), path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			for _, d := range file.Decls {
				if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil {
					there[f.Name.Name] = true
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for rule, tests := range rules {
		if len(tests) == 0 {
			t.Errorf("%q has no test", rule)
		}
		for _, name := range tests {
			if !there[name] || !strings.HasPrefix(name, "Test") {
				t.Errorf("%q: there is no %s", rule, name)
			}
		}
	}
}

// TestStates_ChangeOnlyAsDrawn tries every act in every state, by whom it would be for.
func TestStates_ChangeOnlyAsDrawn(t *testing.T) {
	t.Parallel()
	document := &Document{Owner: "owner"}
	reach := map[State]func(v *Version, others []*Version){
		Draft:    func(*Version, []*Version) {},
		InReview: func(v *Version, _ []*Version) { mustAct(t, v.Submit(author, verifier, approver, 0, onDay(0))) },
		Approved: func(v *Version, others []*Version) { approved(t, v, 9, 0, others) },
		Effective: func(v *Version, others []*Version) {
			approved(t, v, 0, 0, others)
		},
		Superseded: func(v *Version, _ []*Version) {
			approved(t, v, 0, 0, nil)
			approved(t, newDraft(2, 0), 0, 0, []*Version{v})
		},
		Withdrawn: func(v *Version, _ []*Version) {
			mustAct(t, v.Submit(author, verifier, approver, 0, onDay(0)))
			mustAct(t, errOf(v.Withdraw("wrong", onDay(0), nil)))
		},
	}
	acts := map[string]struct {
		do      func(*Version) error
		becomes map[State]State // only from these states
	}{
		"submit":                  {func(v *Version) error { return v.Submit(author, verifier, approver, 0, onDay(1)) }, map[State]State{Draft: InReview}},
		"submit without a reason": {func(v *Version) error { v.Reason = ""; return v.Submit(author, verifier, approver, 0, onDay(1)) }, nil},
		"submit without a file": {func(v *Version) error {
			v.Content = vault.Digest{}
			return v.Submit(author, verifier, approver, 0, onDay(1))
		}, nil},
		"verify": {func(v *Version) error { return v.Verify(verifier, onDay(1)) }, map[State]State{InReview: InReview}},
		"approve": {func(v *Version) error {
			_, err := v.Approve(approver, dayOf(1), 0, onDay(1), nil)
			return err
		}, nil}, // not before the verifier
		"reject":                    {func(v *Version) error { return v.Reject(verifier, "no") }, map[State]State{InReview: Draft}},
		"reject without a reason":   {func(v *Version) error { return v.Reject(verifier, " ") }, nil},
		"recall":                    {func(v *Version) error { return v.Recall(author, false, "no") }, map[State]State{InReview: Draft}},
		"recall without a reason":   {func(v *Version) error { return v.Recall(author, false, "") }, nil},
		"reassign":                  {func(v *Version) error { return v.Reassign(author, false, "other", "", "away", onDay(1)) }, map[State]State{InReview: InReview}},
		"hand over":                 {func(v *Version) error { return v.HandOver(author, false, "other", "away") }, map[State]State{Draft: Draft}},
		"withdraw":                  {func(v *Version) error { return errOf(v.Withdraw("wrong", onDay(1), nil)) }, map[State]State{InReview: Withdrawn, Approved: Withdrawn, Effective: Withdrawn, Superseded: Withdrawn}},
		"withdraw without a reason": {func(v *Version) error { return errOf(v.Withdraw("", onDay(1), nil)) }, nil},
		"review": {func(v *Version) error {
			_, err := v.ReviewUnchanged(document, "owner", false, "", onDay(1))
			return err
		}, map[State]State{Effective: Effective}},
	}
	for from, arrive := range reach {
		for name, act := range acts {
			v := newDraft(1, 0)
			arrive(v, nil)
			if got, _ := v.StateOn(dayOf(1)); got != from {
				t.Fatalf("made %s instead of %s", got, from)
			}
			err := act.do(v)
			got, _ := v.StateOn(dayOf(1))
			want, allowed := act.becomes[from]
			switch {
			case allowed && (err != nil || got != want):
				t.Errorf("%s when %s: %v, then %s, want %s", name, from, err, got, want)
			case !allowed && (err == nil || got != from):
				t.Errorf("%s when %s: %v, then %s, want a refusal", name, from, err, got)
			}
		}
	}
}

func mustAct(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestSignature_StatesItsMeaningAndNamesTheContentItCovers(t *testing.T) {
	each(t, func(r room) {
		d, v := r.create("PR", "ACH", "Achats", "first text")
		r.submit(v)
		storetest.ClockOf(r.db).Advance(time.Second)
		_, err := r.Reject(checker, Reject{Platform: mic, Version: v.ID, Reason: "figure 2"})
		r.must(err)
		first := v.Content
		v, err = r.Attach(writer, Attach{Platform: mic, Version: v.ID, File: *r.file("b.md", "second text")})
		r.must(err)
		storetest.ClockOf(r.db).Advance(time.Second)
		r.approve(v, 0)
		e := r.sheet(writer, d.Code).InForce
		want := []Signature{
			{Meaning: Authored, Name: "Agent 02", Content: first}, {Meaning: Rejected, Name: "Agent 03", Content: first},
			{Meaning: Authored, Name: "Agent 02", Content: v.Content}, {Meaning: Verified, Name: "Agent 03", Content: v.Content}, {Meaning: ApprovedBy, Name: "Agent 04", Content: v.Content},
		}
		if len(e.Signatures) != len(want) || v.Content == first {
			t.Fatalf("signed %+v", e.Signatures)
		}
		for i, s := range e.Signatures {
			if s.Meaning != want[i].Meaning || s.Name != want[i].Name || s.Content != want[i].Content || s.SignedAt.IsZero() || e.Counts(s) != (i > 1) {
				t.Errorf("signature %d: %+v, counts %t", i, s, e.Counts(s))
			}
		}
		if visas := e.Visas(); len(visas) != 3 || visas[0].Content != v.Content {
			t.Errorf("visas %+v", visas)
		}
	})
}

func TestOpen_MarksWhatIsNotInForce(t *testing.T) {
	each(t, func(r room) {
		d, one := r.create("PR", "ACH", "Achats", "first")
		r.approve(one, 0)
		r.days(1)
		two := r.next(d, "second")
		r.approve(two, r.db.Today().AddDays(3))
		r.days(3)
		for v, want := range map[qms.ID]State{one.ID: Superseded, two.ID: Effective} {
			o, err := r.Open(checker, mic, v)
			r.must(err)
			name := o.SaveAs("remplacé")
			if err := o.Close(); err != nil || o.State != want || strings.Contains(name, "remplacé") != (want == Superseded) {
				t.Errorf("%s is handed out as %s, %q, %v", o.Version.Number(), o.State, name, err)
			}
		}
		list, err := r.MasterList(checker, mic, Filter{}, qms.Cursor{})
		r.must(err)
		if len(list.Items) != 1 || list.Items[0].Number.String() != "2.0" {
			t.Errorf("without asking for it, the list shows %+v", list.Items)
		}
	})
}

func TestDocument_IsReviewedEvery24MonthsUnlessItSaysOtherwise(t *testing.T) {
	each(t, func(r room) {
		d, v := r.create("PR", "ACH", "Achats", "first")
		done := r.approve(v, 0)
		if d.ReviewMonths != 24 || done.ReviewOn != r.db.Today().AddMonths(24) {
			t.Errorf("reviewed every %d months, next on %s", d.ReviewMonths, done.ReviewOn)
		}
		six := qms.Months(6)
		_, v, err := r.Create(writer, Create{Platform: mic, Kind: "PR", Process: "ACH", Title: "Autre", ReviewMonths: &six, Reason: "first", File: r.file("a.md", "x")})
		r.must(err)
		if done := r.approve(v, r.db.Today().AddDays(2)); done.ReviewOn != r.db.Today().AddDays(2).AddMonths(6) {
			t.Errorf("the next review is on %s", done.ReviewOn)
		}
	})
}
