package rendition

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"maillon/qms"
)

// fake is a converter whose LibreOffice is this script; $out is the folder for the PDF, and the
// worker's network is taken away or not as the machine has it.
func fake(t *testing.T, script string, o Options) *Office {
	t.Helper()
	path := filepath.Join(t.TempDir(), "soffice")
	preamble := "#!/bin/sh\nwhile [ $# -gt 1 ]; do [ \"$1\" = --outdir ] && out=$2; shift; done\n"
	if err := os.WriteFile(path, []byte(preamble+script), 0o700); err != nil {
		t.Fatal(err)
	}
	o.Binary, o.TempDir = path, t.TempDir()
	office, err := NewOffice(o)
	if err != nil {
		t.Fatal(err)
	}
	return office
}

// convert converts a text and tells the error; the converter's folders must be gone afterwards.
func convert(t *testing.T, ctx context.Context, o *Office, name string, in io.Reader) (made []byte, err error) {
	t.Helper()
	to, err := os.Create(filepath.Join(t.TempDir(), "to.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	defer to.Close()
	err = o.Convert(ctx, name, in, to)
	if left, _ := os.ReadDir(o.options.TempDir); len(left) > 0 {
		t.Errorf("the worker left %v behind", left)
	}
	made, _ = os.ReadFile(to.Name())
	return made, err
}

func TestOffice_EndsAConverterThatMisbehaves(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		script, key string
		options     Options
	}{
		"hangs":             {"sleep 60", "rendition.overdue", Options{Timeout: 300 * time.Millisecond}},
		"hangs in a child":  {"(setsid sleep 60 &) ; sleep 60", "rendition.overdue", Options{Timeout: 300 * time.Millisecond}},
		"ignores signals":   {"trap '' TERM INT HUP; while :; do sleep 1; done", "rendition.overdue", Options{Timeout: 300 * time.Millisecond}},
		"dies":              {"echo no display >&2; kill -9 $$; exit 137", "rendition.worker_died", Options{}},
		"says no":           {"exit 77", "rendition.worker_died", Options{}},
		"writes nothing":    {"exit 0", "rendition.not_converted", Options{}},
		"writes no PDF":     {"echo '<html>' >$out/document.pdf", "rendition.not_converted", Options{}},
		"writes a link":     {"ln -s /etc/passwd $out/document.pdf", "rendition.not_converted", Options{}},
		"writes a folder":   {"mkdir $out/document.pdf", "rendition.not_converted", Options{}},
		"writes too much":   {"(echo %PDF-1.7; head -c 3000000 /dev/zero) >$out/document.pdf", "rendition.too_large", Options{OutputBytes: 1_000_000}},
		"writes endlessly":  {"i=0; while :; do i=$((i+1)); head -c 10000000 /dev/zero >$out/$i || exit 0; done", "rendition.swollen", Options{OutputBytes: 1_000_000, InputBytes: 1_000_000, Timeout: 30 * time.Second}},
		"takes all memory":  {"head -c 900000000 /dev/zero | tail -c 800000000 >/dev/null || exit 1; exit 1", "rendition.worker_died", Options{MemoryBytes: 300 << 20}},
		"one endless file":  {"yes >$out/document.pdf; exit 3", "rendition.", Options{OutputBytes: 1_000_000, InputBytes: 1_000_000, Timeout: 30 * time.Second}},
		"says very much":    {"yes | head -c 50000000; exit 1", "rendition.worker_died", Options{}},
		"forks and returns": {"(setsid sleep 61 >/dev/null 2>&1 &) ; exit 0", "rendition.not_converted", Options{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, isolated := range []bool{true, false} {
				o := fake(t, c.script, c.options)
				o.isolated = o.isolated && isolated
				began := time.Now()
				_, err := convert(t, t.Context(), o, "note.txt", strings.NewReader("text"))
				var refused *qms.Error
				if !errors.As(err, &refused) || !strings.HasPrefix(refused.Key, c.key) {
					t.Errorf("isolated %v: got %v, want %s", o.isolated, err, c.key)
				}
				if took := time.Since(began); took > 20*time.Second {
					t.Errorf("isolated %v: it took %v", o.isolated, took)
				}
				if stray := strays(t, o); stray != "" {
					t.Errorf("isolated %v: still running: %s", o.isolated, stray)
				}
			}
		})
	}
}

// strays are the processes that still have a folder of the converter in their environment.
func strays(t *testing.T, o *Office) string {
	t.Helper()
	environments, _ := filepath.Glob("/proc/[0-9]*/environ")
	for _, path := range environments {
		if environment, err := os.ReadFile(path); err == nil && bytes.Contains(environment, []byte("MAILLON_WORKER="+o.options.TempDir)) {
			return path
		}
	}
	return ""
}

func TestOffice_StopsWhenItsCallerDoes(t *testing.T) {
	t.Parallel()
	o := fake(t, "sleep 60", Options{})
	ctx, stop := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer stop()
	if _, err := convert(t, ctx, o, "note.txt", strings.NewReader("text")); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestOffice_ConvertsOneFileAtATime(t *testing.T) {
	t.Parallel()
	lock := filepath.Join(t.TempDir(), "lock")
	o := fake(t, "mkdir "+lock+" || exit 9; sleep 0.1; echo %PDF-1.7 >$out/document.pdf; rmdir "+lock, Options{})
	results := make(chan error)
	for range 4 {
		go func() {
			to, err := os.CreateTemp(o.options.TempDir, "to")
			if err == nil {
				err = o.Convert(context.Background(), "note.txt", strings.NewReader("text"), to)
			}
			results <- err
		}()
	}
	for range 4 {
		if err := <-results; err != nil {
			t.Error(err)
		}
	}
}

func TestOffice_ShowsTheWorkerNeitherSecretsNorNames(t *testing.T) {
	t.Setenv("MAILLON_DATABASE", "postgres://secret")
	o := fake(t, "(echo %PDF-1.7; env; pwd; ls -a \"$out/../in\") >$out/document.pdf", Options{})
	made, err := convert(t, t.Context(), o, "../../etc/$(touch x) --headless;\x00.txt", strings.NewReader("text"))
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"secret", "touch", "DATABASE"} {
		if strings.Contains(string(made), secret) {
			t.Errorf("the worker saw %q in\n%s", secret, made)
		}
	}
	if !strings.Contains(string(made), "document.txt") {
		t.Errorf("the worker was not handed the file:\n%s", made)
	}
}

func TestOffice_HasNoNetworkWhereThatIsAllowed(t *testing.T) {
	t.Parallel()
	o := fake(t, "(echo %PDF-1.7; cat /proc/net/dev) >$out/document.pdf", Options{})
	if !o.Isolated() {
		t.Skip("this machine does not let a process take its network away")
	}
	made, err := convert(t, t.Context(), o, "note.txt", strings.NewReader("text"))
	if err != nil {
		t.Fatal(err)
	}
	if text := string(made); strings.Contains(text, "eth") || strings.Contains(text, "ens") || !strings.Contains(text, "lo:") {
		t.Errorf("the worker has a network:\n%s", text)
	}
}

func TestOffice_SaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	if _, err := NewOffice(Options{Binary: "/nowhere/soffice"}); !isKey(err, "rendition.no_office") {
		t.Errorf("got %v", err)
	}
	o := fake(t, "exit 0", Options{})
	if err := os.WriteFile(filepath.Join(filepath.Dir(o.options.Binary), libraries[writer]), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	o, err := NewOffice(o.options)
	if err != nil {
		t.Fatal(err)
	}
	if !o.Takes("a.docx") || o.Takes("a.xlsx") || o.Takes("a.exe") {
		t.Error("it takes what it cannot convert")
	}
	if _, err := convert(t, t.Context(), o, "a.xlsx", strings.NewReader("")); !isKey(err, "rendition.no_module") || !strings.Contains(err.Error(), "libreoffice-calc") {
		t.Errorf("got %v", err)
	}
	if _, err := convert(t, t.Context(), o, "a.exe", strings.NewReader("")); !isKey(err, "rendition.unsupported") {
		t.Errorf("got %v", err)
	}
}

// archiveOf is a zip of these parts.
func archiveOf(t testing.TB, parts map[string]string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for name, content := range parts {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, content); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestOffice_RefusesHostileArchivesBeforeAnythingRuns(t *testing.T) {
	t.Parallel()
	parts := map[string]string{}
	for i := range maxParts + 1 {
		parts[fmt.Sprintf("word/%d.xml", i)] = ""
	}
	liar := archiveOf(t, map[string]string{"word/document.xml": strings.Repeat("A", 40<<20)})
	// The central directory says that the part has one byte; what is packed says otherwise.
	if at := bytes.LastIndex(liar, []byte("PK\x01\x02")); at > 0 {
		copy(liar[at+24:], []byte{1, 0, 0, 0})
	}
	for name, c := range map[string]struct {
		content []byte
		key     string
	}{
		"bomb":       {archiveOf(t, map[string]string{"word/document.xml": strings.Repeat("A", 40<<20)}), "rendition.office_bomb"},
		"parts":      {archiveOf(t, parts), "rendition.office_bomb"},
		"liar":       {liar, "rendition.office_damaged"},
		"no archive": {[]byte("MZ\x90\x00 this program cannot be run"), "rendition.office_damaged"},
		"cut":        {archiveOf(t, map[string]string{"word/document.xml": "<w/>"})[:60], "rendition.office_damaged"},
		"encrypted":  {append(append([]byte{}, oleMagic...), make([]byte, 2000)...), "rendition.office_encrypted"},
		"sealed":     {archiveOf(t, map[string]string{"META-INF/manifest.xml": "<manifest:encryption-data/>"}), "rendition.office_encrypted"},
		"empty":      {nil, "rendition.office_damaged"},
	} {
		o := fake(t, "echo %PDF-1.7 >$out/document.pdf", Options{})
		if _, err := convert(t, t.Context(), o, "a.docx", bytes.NewReader(c.content)); !isKey(err, c.key) {
			t.Errorf("%s: got %v, want %s", name, err, c.key)
		}
	}
	o := fake(t, "exit 0", Options{InputBytes: 1 << 20})
	if _, err := convert(t, t.Context(), o, "a.docx", io.LimitReader(zeros{}, 1<<40)); !errors.Is(err, ErrTooLarge) {
		t.Errorf("an endless file: got %v", err)
	}
	if _, err := convert(t, t.Context(), o, "a.md", io.LimitReader(zeros{}, 1<<40)); !errors.Is(err, ErrTooLarge) {
		t.Errorf("an endless text: got %v", err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestClean_LeavesNothingThatRunsOrIsFetched(t *testing.T) {
	t.Parallel()
	page := string(clean([]byte(`<p onclick="x()">keep<script>bad()</script><img src="http://evil/a.png" alt="drawn"><img src="file:///etc/passwd">
<img src="data:image/png;base64,iVBORw0KGgo="><img src="data:image/svg+xml;base64,PHN2Zz4="><link rel=stylesheet href="http://evil/x.css"><style>@import "http://evil"</style>
<object data="file:///etc/passwd"></object><iframe src="http://evil"></iframe><a href="javascript:x()">a</a><a href="https://good.example/">b</a>
<table background="http://evil/b.png"><tr><td style="background:url(http://evil/c.png)">cell</td></tr></table><base href="http://evil/"><meta http-equiv=refresh content="0;url=http://evil">`)))
	for _, bad := range []string{"evil", "passwd", "script", "onclick", "svg", "style", "import"} {
		if strings.Contains(page, bad) {
			t.Errorf("%q is left in\n%s", bad, page)
		}
	}
	for _, good := range []string{"keep", "cell", "iVBORw0KGgo=", "https://good.example/", "drawn"} {
		if !strings.Contains(page, good) {
			t.Errorf("%q is lost from\n%s", good, page)
		}
	}
}

func TestOffice_FetchesNothingAndRunsNoMacro(t *testing.T) {
	o := office(t)
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { asked.Add(1); fmt.Fprint(w, "x") }))
	defer server.Close()
	if _, port, err := net.SplitHostPort(server.Listener.Addr().String()); err != nil || port == "" {
		t.Fatal(err)
	}
	dir := t.TempDir()
	secret, ran := filepath.Join(dir, "secret.txt"), filepath.Join(dir, "ran")
	if err := os.WriteFile(secret, []byte("SECRETWORD"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(secret+".png", logo(t), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, isolated := range []bool{true, false} { // the profile alone must hold too
		o.isolated = o.isolated && isolated
		for name, content := range map[string][]byte{
			"links.odt":  linkedODT(t, server.URL, secret, ran),
			"links.docx": linkedDOCX(t, server.URL, secret),
			"links.html": []byte(`<p>Body</p><img src="` + server.URL + `/a.png"><img src="file://` + secret + `"><object data="file://` + secret + `"></object>`),
			"links.md":   []byte("Body ![x](" + server.URL + "/a.png) ![y](file://" + secret + ")\n\n<img src=\"" + server.URL + "/b.png\">"),
		} {
			to := converted(t, o, name, content)
			says := tool(t, "pdftotext", to.Name(), "-")
			if strings.Contains(says, "SECRETWORD") || !strings.Contains(says, "Body") {
				t.Errorf("isolated %v: %s says %q", o.isolated, name, says)
			}
			if pictures := tool(t, "pdfimages", "-list", to.Name()); strings.Contains(pictures, "image") && strings.Contains(pictures, "240") {
				t.Errorf("isolated %v: %s shows a picture of this machine:\n%s", o.isolated, name, pictures)
			}
		}
		if n := asked.Load(); n > 0 {
			t.Errorf("isolated %v: the worker asked the network %d times", o.isolated, n)
		}
		if _, err := os.Stat(ran); err == nil {
			t.Errorf("isolated %v: a macro ran", o.isolated)
		}
	}
}

// linkedODT has a picture and a section that lead out of it, and a macro that starts with it.
func linkedODT(t testing.TB, url, secret, ran string) []byte {
	const names = `xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" xmlns:script="urn:oasis:names:tc:opendocument:xmlns:script:1.0" xmlns:library="http://openoffice.org/2000/library" xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"`
	return archiveOf(t, map[string]string{
		"mimetype":                     "application/vnd.oasis.opendocument.text",
		"META-INF/manifest.xml":        `<?xml version="1.0"?><manifest:manifest ` + names + `><manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.text"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>`,
		"content.xml":                  `<?xml version="1.0"?><office:document-content ` + names + `><office:scripts><office:event-listeners><script:event-listener script:language="ooo:script" script:event-name="dom:load" xlink:href="vnd.sun.star.script:Standard.M.Main?language=Basic&amp;location=document" xlink:type="simple"/></office:event-listeners></office:scripts><office:body><office:text><text:p>Body<draw:frame svg:width="2cm" svg:height="2cm"><draw:image xlink:href="` + url + `/a.png" xlink:type="simple"/></draw:frame><draw:frame svg:width="2cm" svg:height="2cm"><draw:image xlink:href="file://` + secret + `.png" xlink:type="simple"/></draw:frame></text:p><text:section text:name="S"><text:section-source xlink:href="file://` + secret + `"/><text:p>old</text:p></text:section></office:text></office:body></office:document-content>`,
		"Basic/script-lc.xml":          `<?xml version="1.0"?><library:libraries ` + names + `><library:library library:name="Standard" library:link="false"/></library:libraries>`,
		"Basic/Standard/script-lb.xml": `<?xml version="1.0"?><library:library ` + names + ` library:name="Standard" library:readonly="false" library:passwordprotected="false"><library:element library:name="M"/></library:library>`,
		"Basic/Standard/M.xml": `<?xml version="1.0"?><script:module xmlns:script="http://openoffice.org/2000/script" script:name="M" script:language="StarBasic">Sub Main
Shell("touch ` + ran + `")
End Sub</script:module>`,
	})
}

// linkedDOCX has a picture and a template that lead out of it.
func linkedDOCX(t testing.TB, url, secret string) []byte {
	return archiveOf(t, map[string]string{
		"[Content_Types].xml":          `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/settings.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml"/></Types>`,
		"_rels/.rels":                  `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
		"word/_rels/document.xml.rels": `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="` + url + `/p.png" TargetMode="External"/><Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/settings" Target="settings.xml"/><Relationship Id="r3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/subDocument" Target="file://` + secret + `" TargetMode="External"/></Relationships>`,
		"word/settings.xml":            `<?xml version="1.0"?><w:settings xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:attachedTemplate r:id="t1"/></w:settings>`,
		"word/_rels/settings.xml.rels": `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="t1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" Target="` + url + `/t.dotm" TargetMode="External"/></Relationships>`,
		"word/document.xml":            `<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><w:body><w:p><w:r><w:t>Body</w:t></w:r></w:p><w:p><w:r><w:drawing><wp:inline><wp:extent cx="900000" cy="900000"/><wp:docPr id="1" name="p"/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr><pic:cNvPr id="1" name="p"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:link="r1"/></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="900000" cy="900000"/></a:xfrm><a:prstGeom prst="rect"/></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p><w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>INCLUDETEXT "` + secret + `"</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p><w:subDoc r:id="r3"/></w:body></w:document>`,
	})
}
