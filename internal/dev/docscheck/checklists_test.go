package docscheck

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

// authentication are the operations that are not below the API's address.
func authentication() []string { return []string{"authorize", "create_token", "create_platform_key"} }

func operationChecklist(t *testing.T) checklist {
	t.Helper()
	contract := read(t, "api/openapi.yaml")
	table := connectapi.Operations()
	guide := read(t, "docs/guides/provenance.md")
	members := read(t, "internal/connectapi/dialect/MEMBERS.md")
	constants, doctor := operationConstants(t), map[string]string{}
	for _, part := range []string{"doctor_probe.go", "doctor_write.go"} {
		doctor[part] = read(t, "cmd/appypie/"+part)
	}
	clientTests, uses := goFiles(t, "internal/connectapi", true), usesOf(t, goFiles(t, "internal/connectapi", false))
	// The names are those of the document, so that none is forgotten.
	var names []string
	for _, match := range regexp.MustCompile(`(?m)^ +operationId: (\w+)$`).FindAllStringSubmatch(contract, -1) {
		names = append(names, match[1])
	}
	inTable := func(name string) (connectapi.Operation, bool) {
		i := slices.IndexFunc(table, func(op connectapi.Operation) bool { return string(op.Name) == name })
		if i < 0 {
			return connectapi.Operation{}, false
		}
		return table[i], true
	}
	return checklist{heading: "Add an operation", entities: names, checks: map[string]func(string) problems{
		"Contract": func(name string) problems {
			_, part, _ := strings.Cut(contract, "operationId: "+name+"\n")
			part, _, _ = strings.Cut(part, "operationId: ")
			return unless(regexp.MustCompile(`x-provenance:\n\s+status: (documented\n\s+page: \S|assumed\n\s+basis: \S)`).MatchString(part), "the contract gives no provenance")
		},
		"Table": func(name string) problems {
			op, found := inTable(name)
			if slices.Contains(authentication(), name) {
				return unless(!found, "an operation of authentication is in the table")
			}
			_, part, _ := strings.Cut(contract, "operationId: "+name+"\n")
			part, _, _ = strings.Cut(part, "operationId: ")
			documented := strings.Contains(part, "status: documented")
			return slices.Concat(unless(found, "it is not in the table"), unless(op.Documented() == documented, "the table and the contract disagree about its provenance"))
		},
		"Method": func(name string) problems {
			if slices.Contains(authentication(), name) {
				return nil
			}
			methods := methodsThatCall(uses, constants[name])
			tested := slices.ContainsFunc(methods, func(method string) bool { return len(filesWith(clientTests, `\.`+method+`\(`)) > 0 })
			// A change of several steps is tested by the operations that it makes.
			tested = tested || len(filesWith(clientTests, `"`+name+`"`)) > 0
			return slices.Concat(unless(len(methods) > 0, "no method calls it"), unless(tested, "no test calls a method of it: "+strings.Join(methods, ", ")))
		},
		"Doctor": func(name string) problems {
			// Triggers and actions differ in a word; an account is connected in a browser.
			called := slices.Contains([]string{"list_triggers", "list_actions", "get_trigger", "get_action", "connect_account"}, name) || slices.Contains(authentication(), name) ||
				len(filesWith(doctor, `\bdialect\.`+constants[name]+`\b`)) > 0
			return unless(called, "the doctor does not call it")
		},
		"Use": func(name string) problems {
			return unless(regexp.MustCompile("(?m)^\\| `"+name+"` \\|.*\\| .*\\w.* \\|$").MatchString(guide), "the guide on provenance has no row that says what uses it")
		},
		"Simulator": func(name string) problems {
			return unless(slices.Contains(simulator.Operations(), name), "the simulator has no route")
		},
		"Generated": func(name string) problems {
			return unless(slices.Contains(authentication(), name) || strings.Contains(members, "| "+name+" |"), "MEMBERS.md has no row")
		},
	}}
}

// operationConstants maps the names of operations to those of their constants.
func operationConstants(t *testing.T) map[string]string {
	t.Helper()
	constants := map[string]string{}
	for _, match := range regexp.MustCompile(`(?m)^\t(\w+) +Operation = "(\w+)"$`).FindAllStringSubmatch(read(t, "internal/connectapi/dialect/operations.go"), -1) {
		constants[match[2]] = match[1]
	}
	return constants
}

// usesOf are the identifiers in the body of each function.
func usesOf(t *testing.T, files map[string]string) map[string]map[string]bool {
	t.Helper()
	uses := map[string]map[string]bool{}
	for name, text := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, declaration := range file.Decls {
			function, ok := declaration.(*ast.FuncDecl)
			if !ok || function.Body == nil {
				continue
			}
			used := map[string]bool{}
			ast.Inspect(function.Body, func(node ast.Node) bool {
				if ident, ok := node.(*ast.Ident); ok {
					used[ident.Name] = true
				}
				return true
			})
			if uses[function.Name.Name] == nil {
				uses[function.Name.Name] = map[string]bool{}
			}
			maps.Copy(uses[function.Name.Name], used)
		}
	}
	return uses
}

// methodsThatCall are the exported functions that use a constant, or that call a
// helper which does.
func methodsThatCall(uses map[string]map[string]bool, constant string) []string {
	var methods []string
	for _, name := range slices.Sorted(maps.Keys(uses)) {
		if !ast.IsExported(name) {
			continue
		}
		for used := range uses[name] {
			if used == constant || uses[used][constant] {
				methods = append(methods, name)
				break
			}
		}
	}
	return methods
}

// sharedFiles are the entities whose file has another name than theirs.
func sharedFiles() map[string]string {
	return map[string]string{
		"trigger": "event", "action": "event", "triggers": "events", "actions": "events", // They differ in a word.
		"connect_history": "history", // The room says the rest.
	}
}

func dataSourceChecklist(t *testing.T) checklist {
	t.Helper()
	s := schema(t)
	code, tests := goFiles(t, "internal/provider", false), goFiles(t, "internal/provider", true)
	files := repo(t).files
	entity := func(name string) string { return strings.TrimPrefix(name, "appypie_") }
	fileOf := func(name string) string {
		base := entity(name)
		if shared := sharedFiles()[base]; shared != "" {
			base = shared
		}
		for file := range code {
			if strings.HasSuffix(file, "/"+base+"_data_source.go") {
				return file
			}
		}
		return ""
	}
	return checklist{heading: "Add a data source", entities: slices.Sorted(maps.Keys(s.DataSourceSchemas)), checks: map[string]func(string) problems{
		"File": func(name string) problems {
			return slices.Concat(unless(fileOf(name) != "", "no file is named for it"), unless(strings.Contains(code[fileOf(name)], "tfkit.ReadDataSource"), "its file does not use tfkit.ReadDataSource"))
		},
		"Description": func(name string) problems {
			opening, _, more := strings.Cut(s.DataSourceSchemas[name].Block.Description, "\n\n")
			return slices.Concat(unless(strings.Contains(code[fileOf(name)], "tfkit.Provenance("), "its file does not use tfkit.Provenance"),
				unless(more && regexp.MustCompile(`^[A-Z][^\n]*\.$`).MatchString(opening), "its description does not begin with a paragraph of its own"),
				unless(len(operationsIn(s.DataSourceSchemas[name].Block.Description)) > 0, "its description does not end with its operations"))
		},
		"Registration": func(name string) problems {
			var unregistered problems
			for _, match := range regexp.MustCompile(`func (New\w+DataSource)\(`).FindAllStringSubmatch(code[fileOf(name)], -1) {
				uses := 0
				for _, text := range code {
					uses += len(regexp.MustCompile(`\b`+match[1]+`\b`).FindAllString(text, -1)) - strings.Count(text, "// "+match[1])
				}
				unregistered = append(unregistered, unless(uses > 1, match[1]+" is not registered")...)
			}
			return unregistered
		},
		"Example": func(name string) problems {
			return missingExamples(files, "examples/data-sources/"+name, "data-source.tf", "data-source-in-use.tf")
		},
		"Tests": func(name string) problems { return untested(tests, name, s.DataSourceSchemas[name].Block) },
		"Page": func(name string) problems {
			return unless(files["docs/data-sources/"+entity(name)+".md"], "it has no page")
		},
	}}
}

func missingExamples(files map[string]bool, dir string, names ...string) problems {
	var missing problems
	for _, name := range names {
		missing = append(missing, unless(files[dir+"/"+name], "it has no example "+name)...)
	}
	return missing
}

// operationsIn are the operations that a description ends with.
func operationsIn(description string) []string {
	_, calls, _ := strings.Cut(description, "Calls ")
	var found []string
	for _, match := range regexp.MustCompile("`(\\w+)`").FindAllStringSubmatch(calls, -1) {
		if slices.Contains(simulator.Operations(), match[1]) {
			found = append(found, match[1])
		}
	}
	return found
}

// untested looks for tests of an entity, in process and with Terraform, and of
// each of its attributes.
func untested(tests map[string]string, name string, block *tfjson.SchemaBlock) problems {
	naming := filesWith(tests, `\b`+name+`\b`)
	withTerraform := slices.ContainsFunc(naming, func(file string) bool {
		return regexp.MustCompile(`\.Test\(t,|resource\.Test\(|\.Project\(`).MatchString(tests[file])
	})
	inProcess := slices.ContainsFunc(naming, func(file string) bool {
		return regexp.MustCompile(`acctest\.DataCase|\.Driver(With)?\(|\.ReadData\(|\.Converge\(`).MatchString(tests[file])
	})
	var lost problems
	for _, attribute := range slices.Sorted(maps.Keys(block.Attributes)) {
		// Tests of one room share helpers.
		named := slices.ContainsFunc(filesWith(tests, `\b`+attribute+`\b`), func(file string) bool {
			return slices.ContainsFunc(naming, func(other string) bool { return path.Dir(file) == path.Dir(other) })
		})
		lost = append(lost, unless(named, "no test of it names the attribute "+attribute)...)
	}
	return slices.Concat(lost, unless(withTerraform, "no acceptance test names it"), unless(inProcess, "no protocol test names it"))
}

func resourceChecklist(t *testing.T) checklist {
	t.Helper()
	s := schema(t)
	code, tests := goFiles(t, "internal/provider", false), goFiles(t, "internal/provider", true)
	files := repo(t).files
	matrix := read(t, "internal/testkit/reliability/subject_test.go")
	frozen := read(t, "internal/provider/testdata/state/main.tf")
	return checklist{heading: "Add a resource", entities: slices.Sorted(maps.Keys(s.ResourceSchemas)), checks: map[string]func(string) problems{
		"Parts": func(name string) problems {
			// Kinds that share an implementation make their names of two parts.
			short := strings.TrimPrefix(name, "appypie_")
			last := short[strings.LastIndex(short, "_")+1:]
			declaring := filesWith(code, `resp\.TypeName = .*_(`+short+`|%s_`+last+`)"`)
			named := slices.ContainsFunc(declaring, func(file string) bool { return strings.HasSuffix(file, "resource.go") })
			var lost problems
			for _, part := range []string{"schema", "model", "change", "plan", "import"} {
				lost = append(lost, unless(files["internal/provider/connect/connect_"+part+".go"], "the room to follow has no connect_"+part+".go")...)
			}
			return slices.Concat(unless(named, "no file resource.go declares it"), lost)
		},
		"Faults": func(name string) problems {
			return unless(strings.Contains(matrix, `"`+name+`"`), "it is not in the fault matrix")
		},
		"Schema": func(name string) problems {
			block := s.ResourceSchemas[name].Block
			timeouts := block.Attributes["timeouts"] != nil || block.NestedBlocks["timeouts"] != nil
			return slices.Concat(unless(timeouts, "it has no timeouts"), unless(s.ResourceIdentitySchemas[name] != nil, "it has no identity"))
		},
		"Examples": func(name string) problems {
			return missingExamples(files, "examples/resources/"+name, "resource.tf", "resource-full.tf", "import.sh", "import-by-string-id.tf", "import-by-identity.tf")
		},
		"Frozen state": func(name string) problems {
			return unless(strings.Contains(frozen, `resource "`+name+`"`), "no frozen state holds it")
		},
		"Tests": func(name string) problems {
			imported := slices.ContainsFunc(filesWith(tests, `ImportState: +true`), func(file string) bool {
				return regexp.MustCompile(`\b` + name + `\b`).MatchString(tests[file])
			})
			return slices.Concat(untested(tests, name, s.ResourceSchemas[name].Block), unless(imported, "no acceptance test imports it"))
		},
	}}
}
