package docscheck

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/contract"
)

// Numbers that pages say in a sentence of their own are those of the code.
func TestNumbersInProseAreCounted(t *testing.T) {
	t.Parallel()
	document, err := contract.Load()
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, operation := range document.Operations() {
		count[operation.Provenance.Status]++
	}
	keyLength := regexp.MustCompile(`minEncryptionKey = (\d+)`).FindStringSubmatch(read(t, "internal/auth/validate.go"))
	goVersion := regexp.MustCompile(`(?m)^go (1\.\d+)`).FindStringSubmatch(read(t, "go.mod"))
	terraform := regexp.MustCompile(`TERRAFORM_VERSION := (\S+)`).FindStringSubmatch(read(t, "GNUmakefile"))
	for _, sentence := range []struct{ pattern, want string }{
		{`(\d+) (?:of the \d+ )?(?:operations )?are documented`, strconv.Itoa(count[contract.Documented])},
		{`(\d+) are assumed`, strconv.Itoa(count[contract.Assumed])},
		{`the (\d+) operations`, strconv.Itoa(len(document.Operations()))},
		{`(\d+) characters or more`, keyLength[1]},
		{`\bGo (1\.\d+)`, goVersion[1]},
		{`(?:tested|runs it) with Terraform ([\d.]+\d)`, terraform[1]},
		{`or ([\d.]+\d) is installed`, terraform[1]},
	} {
		said := 0
		for _, p := range repo(t).pages {
			text := strings.ReplaceAll(strings.Join(strings.Fields(read(t, p.name)), " "), "**", "")
			for _, match := range regexp.MustCompile(sentence.pattern).FindAllStringSubmatch(text, -1) {
				if said++; match[1] != sentence.want {
					t.Errorf("%s says %q, and it is %s", p.name, match[0], sentence.want)
				}
			}
		}
		if said == 0 {
			t.Errorf("no page says %s", sentence.pattern)
		}
	}
}
