package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"maillon/qms"
	"maillon/qms/trace"
)

const pricesCSV = "Code;Désignation;Designation (anglais);Catégorie;Unité;TVA;Interne;Académique;Industriel\r\n" +
	"MIC-H;Microscope <b>confocal</b>;Confocal microscope;Imagerie;heure;20 %;20,00;35,50;120,00\r\n" +
	"\r\n" +
	"LAM-1;Préparation d’une lame;;Préparation;lame;5,5;5,05;7,33;\r\n"

// priced is the platform MIC with the list of pricesCSV in force, published by the browser's own forms.
func (b *browser) priced() {
	b.t.Helper()
	day := b.DB.Today()
	b.done("/p/MIC/prices/new", url.Values{"title": {"Tarifs"}, "effective_from": {day.AddDays(-30).String()}, "number": {"TAR-1"}})
	if a := b.depositAs("file", "/p/MIC/prices/TAR-1/import", map[string]string{"revision": "1"}, "tarifs.csv", pricesCSV); a.status != http.StatusSeeOther {
		b.t.Fatalf("the import answers %d: %s", a.status, a.body)
	}
	b.done("/p/MIC/prices/TAR-1/publish", url.Values{"revision": {"2"}})
}

// done posts a form that must be taken.
func (b *browser) done(path string, form url.Values) answer {
	b.t.Helper()
	a := b.post(path, form)
	if a.status != http.StatusSeeOther {
		b.t.Fatalf("%s answers %d: %s", path, a.status, a.body)
	}
	return a
}

func (b *browser) shows(path string, want ...string) string {
	b.t.Helper()
	a := b.get(path)
	for _, w := range want {
		if a.status != http.StatusOK || !strings.Contains(a.body, w) {
			b.t.Errorf("%s answers %d without %q", path, a.status, w)
		}
	}
	return a.body
}

func TestPrices_AreImportedPublishedAndShownToAnybodyWhoAsks(t *testing.T) {
	t.Parallel()
	s := open(t)
	b, nobody := s.holding(qms.QualityLead, "MIC"), s.nobody()
	b.priced()
	b.shows("/p/MIC/prices", "TAR-1", "En vigueur")
	body := b.shows("/p/MIC/prices/TAR-1", "Microscope &lt;b&gt;confocal&lt;/b&gt;", "35,50", "5,5", "Imagerie")
	if strings.Contains(body, "<b>confocal") || strings.Contains(body, "/prices/TAR-1/line") {
		t.Error("markup runs, or a published list offers to change a line")
	}
	if a := nobody.get("/tarifs/MIC"); a.status != http.StatusNotFound {
		t.Errorf("prices that are not public: %d", a.status)
	}
	b.done("/p/MIC/prices/settings", url.Values{"revision": {"0"}, "public": {"on"}, "valid_days": {"30"}, "statuses.1.code": {"internal"}, "statuses.1.french": {"Interne"},
		"statuses.2.code": {"academic"}, "statuses.2.french": {"Académique"}, "statuses.2.english": {"Academic"}, "statuses.3.code": {"industrial"}, "statuses.3.french": {"Industriel"}})
	nobody.shows("/tarifs/MIC", "35,50", "&lt;b&gt;", "Plateforme MIC")
	a := nobody.get("/tarifs/mic")
	if cache := a.header.Get("Cache-Control"); a.status != http.StatusOK || !strings.HasPrefix(cache, "public") || len(a.header.Values("Set-Cookie")) > 0 {
		t.Errorf("the public page answers %d, %q, cookies %q", a.status, cache, a.header.Values("Set-Cookie"))
	}
	if mine := b.get("/tarifs/MIC"); mine.header.Get("Cache-Control") != "no-store" {
		t.Errorf("the page of somebody signed in may be kept: %q", mine.header.Get("Cache-Control"))
	}
	nobody.accept = "en"
	nobody.shows("/tarifs/MIC", "Confocal microscope", "€35.50", "hour")
	if directory := nobody.shows("/tarifs", "Plateforme MIC"); strings.Contains(directory, "CYT") {
		t.Error("the directory names a platform that publishes nothing")
	}
	for _, path := range []string{"/tarifs/CYT", "/tarifs/%00", "/tarifs/" + strings.Repeat("A", 300), "/tarifs/XYZ"} {
		if a := nobody.get(path); a.status != http.StatusNotFound || strings.Contains(a.body, "Plateforme CYT") {
			t.Errorf("%s answers %d", path, a.status)
		}
	}
	b.done("/p/MIC/prices/new", url.Values{"title": {"Brouillon secret"}, "effective_from": {"2026-01-01"}, "number": {"TAR-2"}, "copy_of": {"TAR-1"}})
	if strings.Contains(nobody.get("/tarifs/MIC").body, "secret") {
		t.Error("the public sees a draft")
	}
}

func TestPrices_ComeBackFromTheirOwnExport(t *testing.T) {
	t.Parallel()
	s := open(t)
	b := s.holding(qms.QualityLead, "MIC")
	b.priced()
	b.done("/p/MIC/prices/new", url.Values{"title": {"Suite"}, "effective_from": {"2031-01-01"}, "number": {"TAR-2"}})
	for i, format := range []string{"csv", "xlsx"} {
		file := b.get("/p/MIC/prices/TAR-1?format=" + format)
		a := b.depositAs("file", "/p/MIC/prices/TAR-2/import", map[string]string{"revision": string(rune('1' + min(i, 1)))}, "tarifs."+format, file.body)
		if a.status != http.StatusSeeOther {
			t.Fatalf("the %s export is not taken back: %d %s", format, a.status, a.body)
		}
		was, is := s.items("TAR-1"), s.items("TAR-2")
		if changes := trace.ComparePrices(was, is); len(changes) > 0 || len(is) != 2 {
			t.Errorf("through %s the lines become %+v", format, is)
		}
	}
	if a := b.get("/p/MIC/prices/TAR-1?format=pdf"); !strings.HasPrefix(a.body, "%PDF") {
		t.Errorf("the list on paper answers %d", a.status)
	}
	b.shows("/p/MIC/prices/compare?from=TAR-1&to=TAR-2", "Les mêmes lignes que TAR-1")
}

func (s *site) items(number string) []trace.PriceLine {
	s.t.Helper()
	l, err := s.Trace.PriceList(s.system(), s.platform["MIC"], number)
	if err != nil {
		s.t.Fatal(err)
	}
	return l.Items()
}

func TestImportOfPrices_SaysTheLineOfWhatIsWrong(t *testing.T) {
	t.Parallel()
	s := open(t)
	b := s.holding(qms.Manager, "MIC")
	b.done("/p/MIC/prices/new", url.Values{"title": {"Tarifs"}, "effective_from": {"2026-01-01"}, "number": {"TAR-1"}})
	head := "Tarifs 2026\nCode;Désignation;Unité;TVA;Interne\n"
	for content, want := range map[string]string{
		head + "A;Heure;heure;20;12,345\n":                  "ligne 3, colonne E (Interne)",
		head + "A;Heure;heure;20;12\n\nA;Jour;jour;20;12\n": "Le code A est déjà celui de la ligne 3",
		head + "A;Heure;heure;20;-12\n":                     "un prix est de zéro ou plus",
		head + "A;;heure;20;12\n":                           "ligne 3, colonne B (Désignation)",
		head + "A;Heure;heure;beaucoup;12\n":                "n’est pas un taux de TVA",
		head + "A;Heure;heure;20;\n":                        "Donnez au moins un prix",
		"Code;Désignation;Unité;TVA\nA;Heure;heure;20\n":    "Aucune colonne ne porte le nom d’un statut",
		"a;b\n1;2\n":      "Aucune ligne d’en-têtes",
		"PK\x03\x04 rien": "file",
		head + strings.Repeat("A;x;h;20;1\n", trace.MaxPriceLines+1): "au plus",
	} {
		a := b.depositAs("file", "/p/MIC/prices/TAR-1/import", map[string]string{"revision": "1"}, "tarifs.csv", content)
		if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, want) {
			t.Errorf("%.60q answers %d without %q", content, a.status, want)
		}
	}
	if len(s.items("TAR-1")) > 0 {
		t.Error("a bad file left lines")
	}
}

// asked records a request of the status and gives its number.
func (b *browser) asked(status string) string {
	b.t.Helper()
	r, err := b.Trace.RecordRequest(b.system(), trace.RecordRequest{Platform: b.platform["MIC"], Date: b.DB.Today(), Client: "Client 01", ClientStatus: status, Subject: "Analyse"})
	if err != nil {
		b.t.Fatal(err)
	}
	return r.Number
}

func TestQuote_IsMadeFromThePriceListAndPrinted(t *testing.T) {
	t.Parallel()
	s := open(t)
	b := s.holding(qms.QualityLead, "MIC")
	b.priced()
	form := "/p/MIC/services/" + b.asked("academic") + "/quote"
	b.shows(form, "35,50", "7,33", "quantity.MIC-H", "free.1.label")
	today := b.DB.Today().String()
	lines := url.Values{"request": {"DEM-" + today[:4] + "-0001"}, "date": {today}, "quantity.MIC-H": {"2,5"}, "quantity.LAM-1": {"3"}, "discount.LAM-1": {"10"}}
	a := b.post(form, lines)
	if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "Donnez le motif de la remise") || !strings.Contains(a.body, `value="2,5"`) {
		t.Errorf("a discount without a reason answers %d", a.status)
	}
	for field, typed := range map[string][2]string{
		"quantity.MIC-H": {"1,2345", "plus de trois décimales"}, "quantity.LAM-1": {"-1", "n’est pas une quantité"}, "discount.MIC-H": {"101", "de 0 à 100"},
		"free.1.price": {"12,345", "n’est pas un montant"}, "total": {"1", "diffère de la somme des lignes"},
	} {
		wrong := url.Values{"discount_reason": {"essai"}}
		for k, v := range lines {
			wrong[k] = v
		}
		wrong.Set(field, typed[0])
		if a := b.post(form, wrong); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, typed[1]) || !strings.Contains(a.body, `href="#f-`+field) {
			t.Errorf("%s of %s answers %d", field, typed[0], a.status)
		}
	}
	lines.Set("discount_reason", "projet commun")
	lines.Set("recount", "on")
	if a := b.post(form, lines); a.status != http.StatusOK || !strings.Contains(a.body, "108,54") {
		t.Errorf("the recount answers %d without the sum", a.status)
	}
	lines.Del("recount")
	b.done(form, lines)
	number := "DEV-" + today[:4] + "-0001"
	b.shows("/p/MIC/services/"+number, "108,54", "Microscope &lt;b&gt;", "quote.pdf", "remise 10")
	if a := b.get("/p/MIC/services/" + number + "/quote.pdf"); a.status != http.StatusOK || !strings.HasPrefix(a.body, "%PDF") {
		t.Errorf("the PDF answers %d", a.status)
	}
	b.shows(form, `name="quantity.MIC-H" value="2,5"`, "projet commun")
	correction := "/p/MIC/services/" + number + "/correct"
	b.shows(correction, `name="quantity.LAM-1" value="3"`)
	lines.Set("quantity.MIC-H", "1")
	lines.Set("revision", "1")
	lines.Set("reason", "une heure seulement")
	b.done(correction, lines)
	b.shows("/p/MIC/services/"+number, "55,29")
	if a := s.holding(qms.Manager, "CYT").get("/p/CYT/services/" + number + "/quote.pdf"); a.status != http.StatusNotFound {
		t.Errorf("another platform's quote answers %d", a.status)
	}
}

func TestPrices_AskTheDatabaseLittle(t *testing.T) {
	t.Parallel()
	s := open(t)
	b := s.holding(qms.QualityLead, "MIC")
	b.priced()
	for n := range 12 {
		b.done("/p/MIC/prices/new", url.Values{"title": {"Suite"}, "effective_from": {b.DB.Today().AddDays(n + 1).String()}, "copy_of": {"TAR-1"}})
	}
	b.done("/p/MIC/services/"+b.asked("academic")+"/quote", url.Values{"request": {"DEM-" + b.DB.Today().String()[:4] + "-0001"}, "date": {b.DB.Today().String()}, "quantity.MIC-H": {"1"}})
	for _, path := range []string{"prices", "prices?as_of=2026-01-01", "services", "services/DEV-" + b.DB.Today().String()[:4] + "-0001"} {
		a, count := b.counted("/p/MIC/" + path)
		if a.status != http.StatusOK || count > maxStatements {
			t.Errorf("%s: %d statements, status %d", path, count, a.status)
		}
	}
}

func TestRequest_OffersTheStatusesOfThePlatform(t *testing.T) {
	t.Parallel()
	s := open(t)
	b := s.holding(qms.Manager, "MIC")
	b.done("/p/MIC/prices/settings", url.Values{"revision": {"0"}, "valid_days": {"30"}, "statuses.1.code": {"partner"}, "statuses.1.french": {"Partenaire"}})
	if body := b.shows("/p/MIC/services/new", `value="partner"`, "Partenaire"); strings.Contains(body, `value="industrial"`) {
		t.Error("a status that the platform has not is offered")
	}
}

func TestQuote_WithoutAListStillTakesATotalOrFreeLines(t *testing.T) {
	t.Parallel()
	s := open(t)
	b := s.holding(qms.Member, "MIC")
	request, today := b.asked("Autre"), b.DB.Today().String()
	form := "/p/MIC/services/" + request + "/quote"
	b.shows(form, "Aucune grille tarifaire n’est en vigueur")
	if a := b.post(form, url.Values{"request": {request}, "date": {today}}); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, `href="#f-total"`) {
		t.Errorf("neither total nor lines answers %d", a.status)
	}
	b.done(form, url.Values{"request": {request}, "date": {today}, "total": {"12,50"}})
	b.done(form, url.Values{"request": {request}, "date": {today}, "free.1.label": {"Étude"}, "free.1.unit": {"forfait"}, "free.1.quantity": {"2"}, "free.1.price": {"50"}, "free.1.vat": {"2000"}})
	b.shows("/p/MIC/services/"+request, "12,50", "100,00", "hors grille")
}
