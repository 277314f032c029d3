package app

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"maillon/qms"
)

// amountsOf are bodies that a schema of the description allows but for one amount with a third decimal
// each, by the place of that amount, down to what lists and maps hold.
func amountsOf(t *testing.T, schemas map[string]any, schema any) map[string]any {
	t.Helper()
	s, _ := schema.(map[string]any)
	if ref, ok := s["$ref"].(string); ok {
		return amountsOf(t, schemas, schemas[ref[strings.LastIndex(ref, "/")+1:]])
	}
	found := map[string]any{}
	properties, _ := s["properties"].(map[string]any)
	for name, property := range properties {
		of, _ := property.(map[string]any)
		each, byKey := of["additionalProperties"].(map[string]any)
		switch amount := strings.HasSuffix(name, "_cents"); {
		case amount && byKey:
			wholeCents(t, name, each)
			found[name+".internal"] = map[string]any{name: map[string]any{"internal": 1250.5}}
		case amount:
			wholeCents(t, name, of)
			found[name] = map[string]any{name: 1250.5}
		}
		for at, body := range amountsOf(t, schemas, of) {
			found[name+"."+at] = map[string]any{name: body}
		}
		for at, body := range amountsOf(t, schemas, of["items"]) {
			found[name+"[0]."+at] = map[string]any{name: []any{body}}
		}
	}
	return found
}

// wholeCents wants an amount to be described as whole cents.
func wholeCents(t *testing.T, name string, of map[string]any) {
	t.Helper()
	kind, _ := json.Marshal(of["type"])
	if !strings.Contains(string(kind), `"integer"`) || of["format"] != "int64" {
		t.Errorf("%s is described as %v", name, of)
	}
}

// TestAmounts_OfEveryBodyHaveNoThirdDecimal sends a fraction of a cent wherever the description has an amount.
func TestAmounts_OfEveryBodyHaveNoThirdDecimal(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	token := s.token(t, qms.QualityOfficer, "")
	described := s.ask(t, http.MethodGet, "/api/openapi.json", "", "", nil)
	var document struct {
		Components struct{ Schemas map[string]any }
		Paths      map[string]map[string]struct {
			RequestBody struct {
				Content map[string]struct{ Schema any }
			} `json:"requestBody"`
		}
	}
	if err := json.Unmarshal(described.body, &document); err != nil {
		t.Fatal(err)
	}
	tried := 0
	for path, methods := range document.Paths {
		for method, o := range methods {
			for at, body := range amountsOf(t, document.Components.Schemas, o.RequestBody.Content["application/json"].Schema) {
				tried++
				text, err := json.Marshal(body)
				if err != nil {
					t.Fatal(err)
				}
				a := s.ask(t, strings.ToUpper(method), operation{path: path}.at("PLT", nowhere), token, "application/json", text)
				var said struct{ Errors []struct{ Field, Key string } }
				if err := json.Unmarshal(a.body, &said); err != nil || a.status != http.StatusUnprocessableEntity {
					t.Errorf("%s %s, %s: status %d: %.300s", method, path, at, a.status, a.body)
				}
				if !slices.Contains(said.Errors, struct{ Field, Key string }{at, "value.not_whole"}) {
					t.Errorf("%s %s: the place %s is not named: %.500s", method, path, at, a.body)
				}
			}
		}
	}
	if tried < 10 {
		t.Errorf("only %d amounts were tried", tried)
	}
}
