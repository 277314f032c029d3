package dir

import "testing"

// Half begins to put a content and goes no further; it names the file.
func Half(t *testing.T, v *Vault) string {
	t.Helper()
	file, err := v.begin()
	if err == nil {
		_, err = file.WriteString("half a cont")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	return file.Name()
}
