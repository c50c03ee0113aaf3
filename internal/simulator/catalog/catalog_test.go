package catalog

import "testing"

func TestDump(t *testing.T) {
	c, err := load(1, tables)
	if err != nil {
		t.Fatal(err)
	}
	t.Log(len(c.Categories()), len(c.Apps()), len(c.Matches()), len(c.Accounts()))
}
