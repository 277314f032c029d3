package archive

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"maillon/qms"
	"maillon/qms/locale"
	"maillon/qms/trail"
)

// mutation is one way to alter a pack, and how each verifier refuses it.
type mutation struct {
	what  string
	forge func(t *testing.T) []byte
	key   string // the first reason given here
	arg   any    // its first argument, where it names the place
	alone bool   // nothing else is found wrong
	shell string // what the verifier in shell says
}

// entries alters the parts of a pack and puts it together again, as who has no key can.
func entries(alter func(t *testing.T, s []source) []source) func(t *testing.T) []byte {
	return func(t *testing.T) []byte {
		t.Helper()
		return together(t, alter(t, parts(t, smallPack())))
	}
}

// text alters the content of one entry.
func text(n int, alter func(string) string) func(t *testing.T) []byte {
	return entries(func(t *testing.T, s []source) []source {
		t.Helper()
		was := readSource(t, s[n])
		is := alter(was)
		if is == was {
			t.Fatal("nothing was altered")
		}
		s[n] = part(s[n].name, is)
		return s
	})
}

// flip changes a bit in the middle.
func flip(was string) string {
	b := []byte(was)
	b[len(b)/2] ^= 1
	return string(b)
}

// more adds an entry of that name.
func more(name string) func(t *testing.T) []byte {
	return entries(func(_ *testing.T, s []source) []source { return append(s, part(name, "more")) })
}

// holder alters a pack as the holder of the key can: the manifest is made and signed again.
func holder(alter func(t *testing.T, s []source, m *manifest) []source) func(t *testing.T) []byte {
	return entries(func(t *testing.T, s []source) []source {
		t.Helper()
		m, err := decodeManifest([]byte(readSource(t, s[0])))
		if err != nil {
			t.Fatal(err)
		}
		before := slices.Clone(m.Files)
		s = alter(t, s, &m)
		if slices.Equal(before, m.Files) { // not what is altered: the files are listed as they are now
			m.Files = nil
			for i := range s[2:] {
				if err := s[i+2].measure(t.Context()); err != nil {
					t.Fatal(err)
				}
				m.Files = append(m.Files, s[i+2].line)
			}
		}
		data, err := m.encode()
		if err != nil {
			t.Fatal(err)
		}
		signed, err := testKey(t, 1).SignText(statement(data, m.Checkpoint.checkpoint()))
		if err != nil {
			t.Fatal(err)
		}
		s[0], s[1] = part(manifestName, string(data)), part(signatureName, string(signed))
		return s
	})
}

// facts alters the lines of the facts, and states how many there are.
func facts(alter func(lines []string) []string) func(t *testing.T) []byte {
	return holder(func(t *testing.T, s []source, m *manifest) []source {
		t.Helper()
		lines := alter(strings.SplitAfter(strings.TrimSuffix(readSource(t, s[6]), "\n"), "\n"))
		for i := range lines {
			lines[i] = strings.TrimSuffix(lines[i], "\n") + "\n"
		}
		s[6], m.Facts = part(factsName, strings.Join(lines, "")), int64(len(lines))
		return s
	})
}

// bytesOf alters the bytes of the archive.
func bytesOf(alter func(data []byte) []byte) func(t *testing.T) []byte {
	return func(*testing.T) []byte { return alter(bytes.Clone(smallPack())) }
}

// mark is where a four-byte mark stands for the nth time.
func mark(data []byte, mark uint32, n int) int {
	at := -1
	for ; n >= 0; n-- {
		at += 1 + bytes.Index(data[at+1:], binary.LittleEndian.AppendUint32(nil, mark))
	}
	return at
}

// anew makes a pack of altered contents with the key.
func anew(alter func(d *draft)) func(t *testing.T) []byte {
	return func(t *testing.T) []byte {
		t.Helper()
		d := sample(t)
		alter(d)
		return made(t, d)
	}
}

// swapped exchanges what stands between two words in two lines.
func swapped(lines []string, from, to string) []string {
	cut := func(line string) (string, string, string) {
		a := strings.Index(line, from)
		b := a + strings.Index(line[a:], to)
		return line[:a], line[a:b], line[b:]
	}
	a0, a1, a2 := cut(lines[4])
	b0, b1, b2 := cut(lines[5])
	lines[4], lines[5] = a0+b1+a2, b0+a1+b2
	return lines
}

func bytesAltered() []mutation {
	const file = "files/PR-ACH-002_v2.0_étalonnage.pdf"
	return []mutation{
		{"a byte of the PDF", text(5, flip), "pack.file_altered", pdfName, true, "pack.pdf was altered"},
		{"a byte of a file", text(8, flip), "pack.file_altered", file, true, file + " was altered"},
		{"a byte of a file, as it stands in the archive", bytesOf(func(b []byte) []byte {
			b[bytes.Index(b, content("b", 5000))+7] ^= 1
			return b
		}), "pack.file_altered", file, true, "no whole archive"},
		{"the checksums of a file", bytesOf(func(b []byte) []byte {
			b[mark(b, localMark, 8)+14] ^= 1
			b[mark(b, centralMark, 8)+16] ^= 1
			return b
		}), "pack.file_altered", file, true, "no whole archive"},
		{"the checksums of the manifest", bytesOf(func(b []byte) []byte {
			b[14] ^= 1
			b[mark(b, centralMark, 0)+16] ^= 1
			return b
		}), "pack.checksum_altered", manifestName, true, "no whole archive"},
		{"a byte of the manifest", text(0, func(s string) string { return strings.Replace(s, "PACK-2026-001", "PACK-2026-002", 1) }),
			"pack.file_altered", manifestName, false, "manifest.json is not the one that was signed"},
		{"a byte of its signature", text(1, func(s string) string { return strings.Replace(s, "sha256 ", "sha256  ", 1) }),
			"pack.signature_refused", signatureName, false, "signature of manifest.sig"},
		{"a byte of the checkpoint", text(2, func(s string) string { return strings.Replace(s, "\n12\n", "\n13\n", 1) }),
			"pack.signature_refused", checkpointName, false, "signature of checkpoint.txt"},
		{"a byte of the key", text(3, func(s string) string { return strings.Replace(s, "+", "-", 1) }), "pack.key_unreadable", nil, false, "signature of checkpoint.txt"},
		{"the key with the line ends of Windows", text(3, func(s string) string { return strings.TrimSuffix(s, "\n") + "\r\n" }), "pack.key_unreadable", nil, false, "refused"},
		{"a byte of the explanation", text(4, flip), "pack.file_altered", readmeName, true, "README.txt was altered"},
		{"a byte of the facts", text(6, func(s string) string { return strings.Replace(s, "Agent 02", "Agent 03", 1) }), "pack.file_altered", factsName, false, "facts.jsonl was altered"},
		{"two contents exchanged", entries(func(t *testing.T, s []source) []source {
			t.Helper()
			a, b := readSource(t, s[7]), readSource(t, s[8])
			s[7], s[8] = part(s[7].name, b), part(s[8].name, a)
			return s
		}), "pack.file_altered", nil, false, "was altered"},
	}
}

func entriesAltered() []mutation {
	const file = "files/FO-ACH-001_v1.1_passwd"
	without := func(n int) func(t *testing.T) []byte {
		return entries(func(_ *testing.T, s []source) []source { return slices.Delete(s, n, n+1) })
	}
	return []mutation{
		{"a file added", more("files/more.txt"), "pack.file_extra", "files/more.txt", true, "not those of the manifest"},
		{"a file removed", without(9), "pack.file_missing", file, true, "not those of the manifest"},
		{"a file removed in between", without(7), "pack.file_missing", "files/PR-ACH-001_v1.0_Réception d’une demande.docx", true, "not those of the manifest"},
		{"the PDF removed", without(5), "pack.file_missing", pdfName, true, "not those of the manifest"},
		{"the signature removed", without(1), "pack.file_missing", signatureName, false, "refused"},
		{"a file renamed", entries(func(t *testing.T, s []source) []source {
			t.Helper()
			s[9] = part("files/FO-ACH-001_v9.9_passwd", readSource(t, s[9]))
			return s
		}), "pack.file_missing", file, false, "not those of the manifest"},
		{"a file doubled", entries(func(_ *testing.T, s []source) []source { return append(s, s[9]) }), "pack.file_doubled", file, true, "not those of the manifest"},
		{"another content under the name of a file", more(file), "pack.file_doubled", file, false, "refused"},
		{"a file doubled but for capitals", more("files/fo-ach-001_v1.1_PASSWD"), "pack.file_doubled", "files/fo-ach-001_v1.1_PASSWD", false, "not those of the manifest"},
		{"a file doubled but for the letter s of another alphabet", more("files/FO-ACH-001_v1.1_paſſwd"), "pack.file_doubled", "files/FO-ACH-001_v1.1_paſſwd", false, "not those of the manifest"},
		{"a unicode twin of a file", more("files/PR-ACH-002_v2.0_e\u0301talonnage.pdf"), "pack.name_refused", "files/PR-ACH-002_v2.0_e\u0301talonnage.pdf", false, "not those of the manifest"},
		{"a name that leads out", more("files/../../etc/passwd"), "pack.name_refused", "files/../../etc/passwd", false, "leads out of the folder"},
		{"an absolute name", more("/etc/passwd"), "pack.name_refused", "/etc/passwd", false, "leads out of the folder"},
		{"a name with backslashes", more(`files\..\x`), "pack.name_refused", `files\..\x`, false, "leads out of the folder"},
		{"a name with a drive", more("C:/x"), "pack.name_refused", "C:/x", false, "leads out of the folder"},
		{"a name with a zero byte", more("files/a\x00.txt"), "pack.name_refused", "files/a\uFFFD.txt", false, "refused"},
		{"a name that writes on the terminal", more("files/\x1b[2Ja.txt"), "pack.name_refused", "files/\uFFFD[2Ja.txt", false, "not those of the manifest"},
		{"a name that turns round", more("files/a\u202Efdp.exe"), "pack.name_refused", "files/a\uFFFDfdp.exe", false, "not those of the manifest"},
		{"a name in another encoding", more("files/" + string(utf16.Decode([]uint16{0xD800}))[:2] + "x"), "pack.name_refused", nil, false, "not those of the manifest"},
		{"a folder", more("files/sub/"), "pack.name_refused", "files/sub/", false, "not those of the manifest"},
		{"the entries in another order", entries(func(_ *testing.T, s []source) []source {
			s[7], s[8] = s[8], s[7]
			return s
		}), "pack.order_altered", "files/PR-ACH-001_v1.0_Réception d’une demande.docx", true, "not those of the manifest"},
	}
}

func envelopeAltered() []mutation {
	before := func(data []byte, at int, more string) []byte { return slices.Insert(data, at, []byte(more)...) }
	put := func(at func(b []byte) int, value ...byte) func(t *testing.T) []byte {
		return bytesOf(func(b []byte) []byte { copy(b[at(b):], value); return b })
	}
	end := func(b []byte) int { return len(b) - endSize }
	return []mutation{
		{"nothing at all", bytesOf(func([]byte) []byte { return nil }), "pack.not_a_pack", nil, true, "no whole archive"},
		{"another file", bytesOf(func([]byte) []byte { return []byte(strings.Repeat("%PDF-1.7\n", 90)) }), "pack.not_a_pack", nil, true, "no whole archive"},
		{"the last byte cut off", bytesOf(func(b []byte) []byte { return b[:len(b)-1] }), "pack.truncated", nil, true, "no whole archive"},
		{"the directory cut off", bytesOf(func(b []byte) []byte { return b[:mark(b, centralMark, 0)] }), "pack.truncated", nil, true, "no whole archive"},
		{"the directory cut short", bytesOf(func(b []byte) []byte { return b[:mark(b, centralMark, 4)+9] }), "pack.truncated", nil, true, "no whole archive"},
		{"cut off within a file", bytesOf(func(b []byte) []byte { return b[:len(b)/2] }), "pack.truncated", nil, true, "no whole archive"},
		{"cut off after a few bytes", bytesOf(func(b []byte) []byte { return b[:30] }), "pack.not_a_pack", nil, true, "no whole archive"},
		{"bytes after it", bytesOf(func(b []byte) []byte { return append(b, "more"...) }), "pack.layout_altered", nil, true, "bytes beside the files"},
		{"bytes before it", bytesOf(func(b []byte) []byte { return before(b, 0, "#!/bin/sh\n") }), "pack.not_a_pack", nil, true, "refused"},
		{"bytes between two entries", bytesOf(func(b []byte) []byte { return before(b, mark(b, localMark, 3), "hidden") }), "pack.layout_altered", nil, true, "refused"},
		{"bytes before the directory", bytesOf(func(b []byte) []byte {
			b = before(b, mark(b, centralMark, 0), "hidden")
			binary.LittleEndian.PutUint32(b[end(b)+16:], uint32(mark(b, centralMark, 0)))
			return b
		}), "pack.layout_altered", nil, true, "bytes beside the files"},
		{"a comment", bytesOf(func(b []byte) []byte {
			b[len(b)-2] = 5
			return append(b, "hello"...)
		}), "pack.layout_altered", nil, true, "bytes beside the files"},
		{"another time", bytesOf(func(b []byte) []byte {
			for n := range 10 {
				b[mark(b, localMark, n)+10] ^= 1
				b[mark(b, centralMark, n)+12] ^= 1
			}
			return b
		}), "pack.layout_altered", int64(10), true, "headers are not those"},
		{"the mark of an encrypted entry", put(func(b []byte) int { return mark(b, centralMark, 7) + 8 }, 1, 8), "pack.layout_altered", nil, true, "refused"},
		{"another name in the entry than in the directory", put(func(b []byte) int { return mark(b, localMark, 9) + localSize + 8 }, 'X'), "pack.layout_altered", nil, true, "refused"},
		{"a size that there is not", put(func(b []byte) int { return mark(b, centralMark, 7) + 20 }, 0xFE, 0xFF, 0xFF, 0xFF, 0xFE, 0xFF, 0xFF, 0xFF), "pack.layout_altered", nil, true, "headers are not those"},
		{"a size of exabytes", put(func(b []byte) int { return mark(b, centralMark, 7) + 20 }, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF), "pack.layout_altered", nil, true, "headers are not those"},
		{"a directory of exabytes", put(func(b []byte) int { return end(b) + 12 }, 0xFE, 0xFF, 0xFF, 0xFF), "pack.layout_altered", nil, true, "no whole archive"},
		{"a directory that begins elsewhere", put(func(b []byte) int { return end(b) + 16 }, 0, 0, 0, 0), "pack.layout_altered", nil, true, "no whole archive"},
		{"a directory beyond the end", put(func(b []byte) int { return end(b) + 16 }, 0xFE, 0xFF, 0xFF, 0x7F), "pack.layout_altered", nil, true, "no whole archive"},
		{"two entries over each other", put(func(b []byte) int { return mark(b, centralMark, 8) + 42 }, 0, 0, 0, 0), "pack.layout_altered", nil, true, "refused"},
		{"packed again without compression", packedAgain(zip.Store), "pack.layout_altered", nil, true, "refused"},
		{"packed again with compression", packedAgain(zip.Deflate), "pack.layout_altered", nil, true, "a file is compressed"},
		{"a bomb", bomb, "pack.layout_altered", nil, true, "a file is compressed"},
	}
}

func packedAgain(method uint16) func(t *testing.T) []byte {
	return func(t *testing.T) []byte {
		t.Helper()
		var out bytes.Buffer
		z := zip.NewWriter(&out)
		for _, s := range parts(t, smallPack()) {
			w, err := z.CreateHeader(&zip.FileHeader{Name: s.name, Method: method})
			if err != nil {
				t.Fatal(err)
			}
			if err := s.copyTo(t.Context(), w); err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
}

// bomb is an archive that unpacks to a thousand times its size.
func bomb(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, name := range fixedNames() {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.CopyN(w, zeros{}, 20<<20); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func proofsAltered() []mutation {
	fork := func(d *draft) trail.Checkpoint { c := d.Checkpoint; c.Root[0] ^= 1; return c }
	signed := func(t *testing.T, key byte, c trail.Checkpoint) source {
		t.Helper()
		note, err := trail.Sign(testKey(t, key), c)
		if err != nil {
			t.Fatal(err)
		}
		return part(checkpointName, string(note))
	}
	resigned := func(key byte, edit func(m *manifest)) func(t *testing.T) []byte {
		return entries(func(t *testing.T, s []source) []source {
			t.Helper()
			m, err := decodeManifest([]byte(readSource(t, s[0])))
			if err != nil {
				t.Fatal(err)
			}
			edit(&m)
			data, err := m.encode()
			if err != nil {
				t.Fatal(err)
			}
			note, err := testKey(t, key).SignText(statement(data, m.Checkpoint.checkpoint()))
			if err != nil {
				t.Fatal(err)
			}
			s[0], s[1] = part(manifestName, string(data)), part(signatureName, string(note))
			return s
		})
	}
	return []mutation{
		{"a file altered, and the manifest edited to fit", entries(func(t *testing.T, s []source) []source {
			t.Helper()
			s[8] = part(s[8].name, flip(readSource(t, s[8])))
			was := readSource(t, s[0])
			m, err := decodeManifest([]byte(was))
			if err != nil {
				t.Fatal(err)
			}
			if err := s[8].measure(t.Context()); err != nil {
				t.Fatal(err)
			}
			s[0] = part(manifestName, strings.Replace(was, m.Files[6].SHA256, s[8].line.SHA256, 1))
			return s
		}), "pack.file_altered", manifestName, false, "manifest.json is not the one that was signed"},
		{"a manifest signed again with another key", resigned(2, func(m *manifest) { m.Number = "PACK-2026-009" }), "pack.signature_refused", signatureName, false, "signature of manifest.sig"},
		{"another key inside", entries(func(t *testing.T, s []source) []source {
			t.Helper()
			s[3] = part(keyName, testKey(t, 2).Verifier()+"\n")
			return s
		}), "pack.signature_refused", checkpointName, false, "signature of checkpoint.txt"},
		{"a checkpoint of another key", entries(func(t *testing.T, s []source) []source {
			t.Helper()
			s[2] = signed(t, 2, sample(t).Checkpoint)
			return s
		}), "pack.signature_refused", checkpointName, false, "signature of checkpoint.txt"},
		{"a checkpoint of a fork", entries(func(t *testing.T, s []source) []source {
			t.Helper()
			s[2] = signed(t, 1, fork(sample(t)))
			return s
		}), "pack.checkpoint_differs", nil, false, "manifest.json is not the one that was signed"},
		{"a checkpoint signed twice", text(2, func(s string) string {
			last := s[strings.Index(s, "\n\n")+2:]
			return s + last
		}), "pack.signature_refused", checkpointName, false, "signature of checkpoint.txt"},
		{"the signature of another pack", entries(func(t *testing.T, s []source) []source {
			t.Helper()
			d := sample(t)
			d.Number = "PACK-2026-002"
			s[1] = parts(t, made(t, d))[1]
			return s
		}), "pack.file_altered", manifestName, false, "manifest.json is not the one that was signed"},
		{"a pack of a fork", anew(func(d *draft) { d.Checkpoint = fork(d); d.Earlier = nil }), "pack.fact_refused", int64(1), false, "fact 1 is not in the trail"},
		{"a pack of another trail", anew(func(d *draft) { d.Checkpoint.Origin = trail.Origin("maillon.example", "other"); d.Earlier = nil }),
			"pack.fact_refused", int64(1), false, "fact 1 is of another trail"},
		{"the proof of another act", facts(func(l []string) []string { return swapped(l, `"entry_proof"`, `}`) }), "pack.fact_refused", int64(5), false, "fact 5 is not in the trail"},
		{"the act of another fact", facts(func(l []string) []string { return swapped(l, `"entry":`, `"entry_proof"`) }), "pack.fact_refused", int64(5), false, "fact 5 is not in its act"},
		{"the change of another fact", facts(func(l []string) []string { return swapped(l, `"change":`, `"index"`) }), "pack.fact_refused", int64(5), false, "fact 5 is not in its act"},
		{"a fact edited", facts(func(l []string) []string { l[8] = strings.Replace(l[8], "demande", "livraison", 1); return l }), "pack.fact_refused", int64(9), true, "fact 9 is not in its act"},
		{"a fact that is no fact", facts(func(l []string) []string { l[8] = "{}"; return l }), "pack.fact_refused", int64(9), true, "refused"},
		{"a fact doubled", facts(func(l []string) []string { return append(l, l[3]) }), "pack.fact_doubled", int64(sampleFacts + 1), true, "fact 13 stands there twice"},
		{"a fact left out", holder(func(t *testing.T, s []source, _ *manifest) []source {
			t.Helper()
			all := readSource(t, s[6])
			s[6] = part(factsName, all[:strings.LastIndex(strings.TrimSuffix(all, "\n"), "\n")+1])
			return s
		}), "pack.facts_missing", int64(sampleFacts), true, "another number of facts"},
		{"the fact that names a file left out", facts(func(l []string) []string { return l[1:] }), "pack.file_unproved", "files/PR-ACH-001_v1.0_Réception d’une demande.docx", true, "no fact names the file"},
		{"facts that do not end", holder(func(t *testing.T, s []source, _ *manifest) []source {
			t.Helper()
			s[6] = part(factsName, strings.TrimSuffix(readSource(t, s[6]), "\n"))
			return s
		}), "pack.file_altered", factsName, false, "the facts do not end"},
		{"a file that nobody recorded", anew(func(d *draft) { d.attach("PR-ACH-009", "1.0", "x.txt", []byte("never recorded")) }),
			"pack.file_unproved", "files/PR-ACH-009_v1.0_x.txt", true, "no fact names the file"},
		{"the proof of an earlier pack altered", anew(func(d *draft) { d.Earlier[0].Proof[0][0] ^= 1 }), "pack.past_rewritten", "PACK-2025-007", true, "does not continue that of PACK-2025-007"},
		{"an earlier pack without proof", anew(func(d *draft) { d.Earlier[0].Proof = nil }), "pack.past_rewritten", "PACK-2025-007", true, "does not continue that of PACK-2025-007"},
		{"an earlier pack of a fork", anew(func(d *draft) { d.Earlier[0].Checkpoint.Root[0] ^= 1 }), "pack.past_rewritten", "PACK-2025-007", true, "does not continue that of PACK-2025-007"},
		{"an earlier pack of more acts", anew(func(d *draft) { d.Earlier[0].Checkpoint.Size = sampleFacts + 1 }), "pack.past_rewritten", "PACK-2025-007", true, "does not continue that of PACK-2025-007"},
		{"an earlier pack of another trail", anew(func(d *draft) { d.Earlier[0].Checkpoint.Origin = "maillon.example/other" }), "pack.past_rewritten", "PACK-2025-007", true, "PACK-2025-007 is of another trail"},
		{"no facts at all", anew(func(d *draft) { d.facts = nil }), "pack.file_unproved", nil, false, "no fact names the file"},
		{"a manifest that states another checkpoint", resigned(1, func(m *manifest) { m.Checkpoint.Size-- }), "pack.checkpoint_differs", nil, false, "manifest.json is not the one that was signed"},
		{"a manifest of a format to come", resigned(1, func(m *manifest) { m.Format = "maillon-pack/99" }), "pack.manifest_unreadable", nil, false, "format"},
		{"a manifest that names a file twice", holder(func(_ *testing.T, s []source, m *manifest) []source { m.Files = append(m.Files, m.Files[7]); return s }),
			"pack.file_doubled", "files/FO-ACH-001_v1.1_passwd", true, "not those of the manifest"},
	}
}

func TestVerify_AcceptsWhatIsAsItWasInBothWays(t *testing.T) {
	t.Parallel()
	for what, data := range map[string][]byte{"as it was made": smallPack(), "put together again": together(t, parts(t, smallPack()))} {
		report, err := Examine(bytes.NewReader(data), int64(len(data)))
		if err != nil || !report.Sound() || report.Err() != nil {
			t.Errorf("%s: %+v, %v", what, report.Lines, err)
		}
		spoken(t, report)
		if said, accepted := byShell(t, data); !accepted {
			t.Errorf("%s: in shell %s", what, said)
		}
	}
}

func TestVerify_RefusesEveryMutationForItsReason(t *testing.T) {
	t.Parallel()
	all := slices.Concat(bytesAltered(), entriesAltered(), envelopeAltered(), proofsAltered())
	if len(all) < 60 {
		t.Errorf("only %d mutations", len(all))
	}
	for _, m := range all {
		t.Run(m.what, func(t *testing.T) {
			t.Parallel()
			data := m.forge(t)
			report, err := Examine(bytes.NewReader(data), int64(len(data)))
			if err != nil {
				t.Fatal(err)
			}
			var said *qms.Error
			if !errors.As(report.Err(), &said) || said.Key != m.key || m.arg != nil && said.Args[0] != m.arg {
				t.Errorf("said %v, want %s %v", report.Err(), m.key, m.arg)
			}
			if m.alone && report.Wrong != 1 {
				t.Errorf("more is said to be wrong: %+v", report.Lines)
			}
			spoken(t, report)
			if heard, accepted := byShell(t, data); accepted || !strings.Contains(heard, m.shell) {
				t.Errorf("in shell: %s, want %q", heard, m.shell)
			}
		})
	}
}

// spoken wants every line of the report to be a sentence in each language, and safe to print.
func spoken(t *testing.T, r Report) {
	t.Helper()
	for _, lang := range locale.Languages() {
		say := locale.For(lang)
		for _, l := range r.Lines {
			if !say.Has(l.Key) || !say.Has("verify.kind."+string(l.Kind)) || !say.Has("verify.verdict."+string(l.Verdict)) {
				t.Errorf("%s has no sentence for %+v", lang, l)
			}
		}
		var out bytes.Buffer
		if err := r.Tell(&out, say); err != nil {
			t.Fatal(err)
		}
		if strings.ContainsAny(out.String(), "\x00\x1b\u202e") {
			t.Errorf("the report writes on the terminal: %q", out.String())
		}
	}
}
