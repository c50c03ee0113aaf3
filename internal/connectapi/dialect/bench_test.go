package dialect_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
)

// pageOfConnects is a page as the default dialect's service shows it.
func pageOfConnects(n int) []byte {
	var b strings.Builder
	b.WriteString(`{"success":true,"data":[`)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"_id":"65f0%020d","name":"connect %d","popularMatchId":"pm1","status":"ON",`+
			`"trigger":{"stepId":"t%d","appId":"sheets","triggerId":"row","accountId":"acc1","options":{"spreadsheet":"Leads","worksheet":"Inbound"}},`+
			`"actions":[{"stepId":"a%d","appId":"crm","actionId":"contact","accountId":"acc2","options":{"email":"{{column2}}","list":"7"}}],`+
			`"_created_at":"2026-01-01T00:00:00.000Z","_updated_at":"2026-01-01T00:00:00.000Z"}`, i, i, i, i)
	}
	fmt.Fprintf(&b, `],"total":%d,"page":1,"limit":100}`, n)
	return []byte(b.String())
}

func BenchmarkDecodePage(b *testing.B) {
	text := pageOfConnects(100)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := dialect.Decode(text); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkListPage(b *testing.B) {
	d, err := dialect.Load()
	if err != nil {
		b.Fatal(err)
	}
	answer, err := dialect.Decode(pageOfConnects(100))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		page, err := dialect.List[dialect.Connect](d, dialect.ListConnects, answer)
		if err != nil || len(page.Entries) != 100 || page.Entries[99].Err != nil {
			b.Fatal(page, err)
		}
	}
}

func BenchmarkRender(b *testing.B) {
	d, err := dialect.Load()
	if err != nil {
		b.Fatal(err)
	}
	args := map[string]any{"connectId": "c1", "stepId": "s1", "accountId": "a", "options": map[string]any{"email": "x", "list": "7"}}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.Render(dialect.EditActionOptions, args); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := dialect.Load(); err != nil {
			b.Fatal(err)
		}
	}
}
