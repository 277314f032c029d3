package rendition

import (
	"maps"
	"slices"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// harmless is the dictionary without what runs or starts something, and without signatures that the
// stamp would break: the signed original is kept beside the rendition.
func (b *book) harmless(d types.Dict) types.Dict {
	if slices.Contains([]string{"JavaScript", "Launch", "ImportData"}, b.name(d["S"])) && b.name(d["Type"]) != "StructElem" {
		return types.Dict{"S": types.Name("Named"), "N": types.Name("Removed")}
	}
	if d["S"] != nil && d["JS"] != nil {
		d = without(d, "JS")
	}
	if b.name(d["FT"]) == "Sig" && d["V"] != nil {
		d = without(d, "V")
	}
	return d
}

func without(d types.Dict, key string) types.Dict {
	d = maps.Clone(d)
	delete(d, key)
	return d
}

// kept are the entries of the catalog that a rendition keeps. Left out are what opens, runs or signs
// (OpenAction, AA, Perms, DSS, Requirements), what hides the pages behind a list of files
// (Collection), and what described the file as it was (Metadata, PieceInfo).
var kept = []string{
	"Outlines", "Names", "Dests", "PageLayout", "PageMode", "AcroForm", "StructTreeRoot", "MarkInfo",
	"OCProperties", "OutputIntents", "ViewerPreferences", "Extensions", "URI", "Threads", "Lang",
}

// dress makes the catalog of a rendition from the one of the file.
func (b *book) dress(pages types.IndirectRef, covers int, c Cover, metadata types.IndirectRef) {
	root := types.Dict{"Type": types.Name("Catalog"), "Pages": pages, "Metadata": metadata}
	for _, key := range kept {
		if v := b.root[key]; b.follow(v) != nil {
			root[key] = v
		}
	}
	if c.Language != "" {
		root["Lang"] = hexText(c.Language)
	}
	preferences := types.Dict{}
	maps.Copy(preferences, b.dict(b.root["ViewerPreferences"]))
	preferences["DisplayDocTitle"] = types.Boolean(true)
	root["ViewerPreferences"] = preferences
	if names := b.dict(b.root["Names"]); names != nil {
		root["Names"] = without(names, "JavaScript")
	}
	if form := b.dict(b.root["AcroForm"]); form != nil {
		form = maps.Clone(form)
		delete(form, "XFA")
		delete(form, "SigFlags")
		root["AcroForm"] = form
	}
	if labels, ok := b.labels(b.root["PageLabels"], covers); ok {
		root["PageLabels"] = labels
	}
	b.root = root
}

// labels moves the page labels behind the pages of the cover, which have none.
func (b *book) labels(tree types.Object, covers int) (types.Dict, bool) {
	if b.dict(tree) == nil {
		return nil, false
	}
	nums := types.Array{types.Integer(0), types.Dict{}}
	seen, ok := 0, true
	var walk func(node types.Dict, depth int)
	walk = func(node types.Dict, depth int) {
		if seen++; depth > 16 || seen > MaxPages {
			ok = false
			return
		}
		own := b.array(node["Nums"])
		for i := 0; i+1 < len(own); i += 2 {
			at, whole := b.follow(own[i]).(types.Integer)
			if !whole || len(nums) > 2*MaxPages {
				ok = false
				return
			}
			nums = append(nums, at+types.Integer(covers), own[i+1])
		}
		for _, kid := range b.array(node["Kids"]) {
			walk(b.dict(kid), depth+1)
		}
	}
	walk(b.dict(tree), 0)
	return types.Dict{"Nums": nums}, ok
}
