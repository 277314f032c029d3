package generator

import (
	"cmp"
	"reflect"
	"slices"

	"maillon/qms/trace"
)

// noteChain adds a service to what must be found: broken by its one defect, or complete, or open.
func (m *maker) noteChain(request string, defect trace.Check, complete bool) {
	k := &m.Key
	k.Chains.Total++
	switch {
	case defect != "":
		k.Chains.Broken++
		count(&k.Defects, defect)
		k.Broken = append(k.Broken, trace.BrokenChain{Request: request, State: trace.Broken, Defects: []trace.Check{defect}})
	case complete:
		k.Chains.Complete++
	default:
		k.Chains.Open++
		k.Open = append(k.Open, request)
	}
}

func (m *maker) noteUse(number string, check trace.Check) {
	m.Key.Uses.Total++
	if check != "" {
		count(&m.Key.Uses, check)
		m.Key.Uncovered = append(m.Key.Uncovered, trace.UncoveredUse{Use: number, Defect: check})
	}
}

// count adds one to the counter that bears the check's name.
func count(counters any, check trace.Check) {
	n := reflect.ValueOf(counters).Elem().FieldByName(string(check))
	n.SetInt(n.Int() + 1)
}

// sortKey puts the lists into the order in which a full check gives them.
func sortKey(k *trace.Findings) {
	slices.Sort(k.Dangling)
	slices.Sort(k.Open)
	slices.SortFunc(k.Broken, func(a, b trace.BrokenChain) int { return cmp.Compare(a.Request, b.Request) })
	slices.SortFunc(k.Uncovered, func(a, b trace.UncoveredUse) int { return cmp.Compare(a.Use, b.Use) })
}
