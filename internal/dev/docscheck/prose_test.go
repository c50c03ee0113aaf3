package docscheck

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

// notAttributes are words in snake case that are none of ours, and why pages may
// say them.
func notAttributes() map[string]string {
	return map[string]string{
		"for_each": "Terraform's", "depends_on": "Terraform's", "required_version": "Terraform's", "required_providers": "Terraform's",
		"dev_overrides": "of Terraform's CLI configuration", "filesystem_mirror": "of Terraform's CLI configuration",
		"ignore_changes": "Terraform's", "prevent_destroy": "Terraform's", "create_before_destroy": "Terraform's", "replace_triggered_by": "Terraform's",
		"action_trigger": "Terraform's", "terraform_data": "Terraform's", "after_create": "Terraform's", "after_update": "Terraform's",
		"before_update": "Terraform's", "before_destroy": "Terraform's", "on_failure": "Terraform's", "caller": "Terraform's",
		"destroy": "Terraform's, of a removed block", "include_resource": "Terraform's, of a list block", "terraform_remote_state": "Terraform's",
		"invalid_grant": "an error of OAuth", "invalid_client": "an error of OAuth", "access_denied": "an error of OAuth",
		"grant_type": "a parameter of OAuth", "error_description": "a parameter of OAuth",
		"pull_request": "GitHub's", "pull_request_target": "GitHub's", "merge_request_event": "GitLab's", "resource_group": "GitLab's",
		"turn_off": "a value of deletion_policy", "override_data": "Terraform's, of a test",
	}
}

// notFiles are paths of the reader's own, or that a build makes.
func notFiles() map[string]string {
	return map[string]string{
		"adopt.tfquery.hcl": "a file that the reader makes", "versions.tf": "a file that the reader makes",
		"connects.tf": "Terraform writes it", "connect.tf": "Terraform writes it", ".terraform/appypie/": "the provider makes it",
		".terraform/": "Terraform makes it", "terraform.tfstate": "Terraform makes it", "SHA256SUMS": "the release makes it",
		"bin/": "make build makes it", "dist/": "make release-check SNAPSHOT=1 makes it", ".cache": "make makes it", ".cache/": "make makes it",
		"~/.terraformrc": "Terraform reads it", "terraform.rc": "Terraform reads it", ".terraform.lock.hcl": "Terraform makes it",
	}
}

var (
	snakePattern     = regexp.MustCompile(`[a-z][a-z0-9]*(?:_[a-z0-9]+)+`)
	attributePattern = regexp.MustCompile(`^((?:[a-z][a-z0-9_]*\.)*[a-z][a-z0-9_]*)(?: = .*)?$`)
	filePattern      = regexp.MustCompile(`^[\w.<>*~-]+(/[\w.<>*-]+)*/?$`)
	extensionPattern = regexp.MustCompile(`\.(go|md|tf|hcl|tmpl|ya?ml|json|sh|txt|toml|png|mod|sum)$`)
	exportedPattern  = regexp.MustCompile(`^([A-Za-z]+)\.([A-Z]\w*)(?:\(.*\))?$`)
	testPattern      = regexp.MustCompile(`\b(?:Test|Fuzz|Benchmark)[A-Z]\w+`)
	codePattern      = regexp.MustCompile(`\bAP\d{4}\b`)
	barePattern      = regexp.MustCompile(`^--([a-z][a-z-]*)`)
)

// vocabulary is every word in snake case that means something: attributes and
// blocks at any depth, types, functions and their parameters, operations, the
// members of the contract, and the variables of the module.
func vocabulary(t *testing.T, f *facts) map[string]bool {
	t.Helper()
	words := map[string]bool{}
	s := schema(t)
	for _, kind := range []map[string]*tfjson.Schema{
		{"appypie": s.ConfigSchema}, s.ResourceSchemas, s.DataSourceSchemas, s.EphemeralResourceSchemas, s.ListResourceSchemas,
	} {
		for name, one := range kind {
			words[name] = true
			addBlock(words, one.Block)
		}
	}
	for name, action := range s.ActionSchemas {
		words[name] = true
		addBlock(words, action.Block)
	}
	for name, function := range s.Functions {
		words[name] = true
		for _, parameter := range function.Parameters {
			words[parameter.Name] = true
		}
		// Members of objects that functions take and return are in their text.
		for _, member := range snakePattern.FindAllString(function.Description, -1) {
			words[member] = true
		}
	}
	for _, operation := range simulator.Operations() {
		words[operation] = true
	}
	contract := read(t, "api/openapi.yaml")
	for _, member := range regexp.MustCompile(`(?m)^\s*(?:- )?(?:name: )?([a-z]\w*)\b`).FindAllStringSubmatch(contract, -1) {
		words[member[1]] = true
	}
	for name := range f.code.packages {
		words[name] = true
	}
	for _, variable := range regexp.MustCompile(`(?m)^variable "(\w+)"`).FindAllStringSubmatch(read(t, "examples/modules/connects-from-yaml/variables.tf"), -1) {
		words[variable[1]] = true
	}
	for _, member := range regexp.MustCompile(`(?m)^\s*#? ?([a-z]\w*)\b`).FindAllStringSubmatch(read(t, "examples/dialects/rest.yaml"), -1) {
		words[member[1]] = true
	}
	return words
}

func addBlock(words map[string]bool, b *tfjson.SchemaBlock) {
	addAttributes(words, b.Attributes)
	for name, inner := range b.NestedBlocks {
		words[name] = true
		addBlock(words, inner.Block)
	}
}

func addAttributes(words map[string]bool, attributes map[string]*tfjson.SchemaAttribute) {
	for name, attribute := range attributes {
		words[name] = true
		if attribute.AttributeNestedType != nil {
			addAttributes(words, attribute.AttributeNestedType.Attributes)
		}
	}
}

// wrongSpan says what a code span names that does not exist.
func (f *facts) wrongSpan(p page, span string) string {
	if reason, known := f.wrongCommand(span); known {
		return reason
	}
	if flag := barePattern.FindStringSubmatch(span); flag != nil {
		for _, flags := range f.companion {
			if flags[flag[1]] {
				return ""
			}
		}
		return "no command of appypie has such a flag"
	}
	if file := strings.TrimPrefix(span, "./"); filePattern.MatchString(file) && (extensionPattern.MatchString(file) || strings.Contains(file, "/")) {
		return f.wrongFile(p, file)
	}
	if name := exportedPattern.FindStringSubmatch(span); len(name) > 0 && (f.code.packages[name[1]] || f.code.exported[name[1]]) {
		if !f.code.exported[name[1]+"."+name[2]] {
			return "the code has no such name"
		}
		return ""
	}
	return f.wrongAttribute(p, span)
}

func (f *facts) wrongFile(p page, file string) string {
	if notFiles()[file] != "" || strings.HasPrefix(file, "/") {
		return ""
	}
	placeholder := regexp.MustCompile(`<[a-z]+>`)
	pattern := strings.TrimSuffix(placeholder.ReplaceAllString(file, "*"), "/")
	bare := !strings.Contains(pattern, "/")
	for _, known := range []map[string]bool{f.repo.files, f.repo.dirs} {
		for name := range known {
			short := name
			if bare {
				short = path.Base(name)
			}
			near, _ := path.Match(path.Join(path.Dir(p.name), pattern), name)
			same, _ := path.Match(pattern, short)
			// An extension stands for the files that have it.
			ending := bare && strings.HasPrefix(pattern, ".") && strings.HasSuffix(name, pattern)
			if same || near || ending {
				return ""
			}
		}
	}
	// Words with a slash that are no path: ids for an import, examples of values.
	if top, _, _ := strings.Cut(pattern, "/"); !extensionPattern.MatchString(file) && !f.repo.dirs[top] {
		return ""
	}
	return "there is no such file"
}

// wrongAttribute looks at `attribute`, `outer.inner` and `attribute = value`. A
// word without an underscore may be a value as well, so it says nothing.
func (f *facts) wrongAttribute(p page, span string) string {
	name := attributePattern.FindStringSubmatch(span)
	if name == nil {
		return ""
	}
	for part := range strings.SplitSeq(name[1], ".") {
		named := strings.Contains(part, "_") || strings.Contains(name[1], ".") || strings.Contains(span, " = ")
		if named && !f.words[part] && notAttributes()[part] == "" && !inBlocks(p, part) {
			return "neither the schema nor the contract has a " + part
		}
	}
	return ""
}

// inBlocks reports whether a page shows a word in a block, such as the option of an
// app or a variable of the configuration.
func inBlocks(p page, name string) bool {
	whole := regexp.MustCompile(`\b` + regexp.QuoteMeta(name) + `\b`)
	return slices.ContainsFunc(p.blocks, func(b block) bool { return whole.MatchString(b.text) })
}

// wrongNames looks at a line of anything: prose, code spans and blocks.
func (f *facts) wrongNames(line string) []finding {
	var found []finding
	for _, name := range variablePattern.FindAllString(line, -1) {
		family := strings.HasSuffix(name, "_") || name == "APPYPIE"
		if _, known := f.code.variables[name]; !known && !family {
			found = append(found, finding{word: name, reason: "nothing reads such a variable"})
		}
	}
	for _, code := range codePattern.FindAllString(line, -1) {
		if !f.code.codes[code] {
			found = append(found, finding{word: code, reason: "no problem has this code"})
		}
	}
	for _, name := range testPattern.FindAllString(line, -1) {
		pattern := strings.Contains(line, "-run "+name) || strings.Contains(line, "-run '"+name) || strings.Contains(line, "-run="+name)
		if name != "TestName" && !f.code.tests[name] && (!pattern || !f.someTest(name)) {
			found = append(found, finding{word: name, reason: "there is no such test"})
		}
	}
	return found
}

func TestProseNamesWhatExists(t *testing.T) {
	t.Parallel()
	f := allFacts(t)
	spans := 0
	for _, p := range f.repo.pages {
		lines := slices.Clone(p.prose)
		for _, span := range p.spans {
			spans++
			lines = append(lines, span)
			if reason := f.wrongSpan(p, span.text); reason != "" {
				report(t, []finding{{p.name, span.text, reason, span.line}})
			}
		}
		for _, b := range p.blocks {
			for i, line := range strings.Split(b.text, "\n") {
				lines = append(lines, word{line, b.line + i})
			}
		}
		for _, line := range lines {
			for _, found := range f.wrongNames(line.text) {
				found.page, found.line = p.name, line.line
				report(t, []finding{found})
			}
		}
	}
	t.Logf("%d code spans on %d pages were checked", spans, len(f.repo.pages))
	if spans < 500 {
		t.Errorf("only %d code spans were found", spans)
	}
}

func TestWrongProseIsFound(t *testing.T) {
	t.Parallel()
	f := allFacts(t)
	p := parsePage("docs/guides/x.md", "```terraform\nvariable \"my_sheet\" {}\n```\n")
	for span, wrong := range map[string]bool{
		"make demo": false, "make demonstration": true, "appypie login --port 1": false, "appypie login --prot 1": true,
		"--no-browser": false, "--no-browsers": true, "--port 8976": false,
		"run_test": false, "run_tests": true, "token_store.path": false, "token_store.folder": true, "enabled = false": false, "enable = false": true,
		"my_sheet": false, "edit_action_options": false, "appypie_connect": false, "appypie_connection": true, "for_each": false,
		"api/openapi.yaml": false, "api/swagger.yaml": true, "examples/resources/<type>/": false, "examples/recipes/<type>/": true,
		"attempt.go": false, "attempts.go": true, ".tfquery.hcl": false, ".tfqueries.hcl": true, "<entity>_data_source.go": false, "quickstart.md": false, "name/NAME": false, "internal/none": true,
		"tfkit.Lookup": false, "tfkit.LookUp": true, "Client.Apply": false, "Client.Do": true, "t.Parallel()": false, "acctest.New(t)": false,
		"OFF": false, "10m": false, "%w": false, "terraform plan": false, "terraform plant": true,
	} {
		if reason := f.wrongSpan(p, span); (reason != "") != wrong {
			t.Errorf("%s: %q", span, reason)
		}
	}
	for line, wrong := range map[string]bool{
		"Set APPYPIE_PROFILE or all of APPYPIE_*.": false, "Set APPYPIE_PROFIL.": true, "export TF_ACC=1": false, "TF_ACC_PATH": true,
		"Look up AP1001.": false, "Look up AP9999.": true,
		"TestSchemas is one": true, "-run TestSchema -update": false, "-run TestSkema": true, "TestName": false, "Testing is good": false,
	} {
		if found := f.wrongNames(line); (len(found) > 0) != wrong {
			t.Errorf("%s: %v", line, found)
		}
	}
}
