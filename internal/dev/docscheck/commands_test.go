package docscheck

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
)

// facts are what commands and prose are compared with.
type facts struct {
	repo *repository
	code *source
	make makefile
	// companion are the flags of each of its commands, which stand for themselves:
	// "" is appypie alone, "accounts connect" a command below another.
	companion map[string]map[string]bool
	words     map[string]bool // see vocabulary
}

var theFacts struct {
	once  sync.Once
	facts *facts
}

func allFacts(t *testing.T) *facts {
	t.Helper()
	theFacts.once.Do(func() {
		f := &facts{repo: repo(t), code: sources(t), make: readMakefile(read(t, "GNUmakefile")), companion: map[string]map[string]bool{}}
		readCompanion(t, f.companion, nil)
		// The provider reads a variable for each of its settings.
		for name := range settingsOf(schema(t).ConfigSchema.Block) {
			f.code.variables["APPYPIE_"+strings.ToUpper(name)] = true
		}
		f.words = vocabulary(t, f)
		theFacts.facts = f
	})
	if theFacts.facts == nil {
		t.Fatal("there are no facts; another test says why")
	}
	return theFacts.facts
}

// settingsOf are the names of the provider's settings, those inside others with
// both names.
func settingsOf(config *tfjson.SchemaBlock) map[string]bool {
	settings := map[string]bool{}
	for name, attribute := range config.Attributes {
		if attribute.AttributeNestedType == nil {
			settings[name] = true
			continue
		}
		for inner := range attribute.AttributeNestedType.Attributes {
			settings[name+"_"+inner] = true
		}
	}
	return settings
}

var (
	commandsPattern = regexp.MustCompile(`(?m)^(?:Available )?Commands:\n((?:  .*\n)+)`)
	flagPattern     = regexp.MustCompile(`(?m)^ +(?:-\w, )?--([a-z-]+)`)
)

// readCompanion asks the companion command for its commands and flags.
func readCompanion(t *testing.T, into map[string]map[string]bool, path []string) {
	t.Helper()
	help := output(t, "appypie", append(slices.Clone(path), "--help")...)
	flags := map[string]bool{}
	for _, match := range flagPattern.FindAllStringSubmatch(help, -1) {
		flags[match[1]] = true
	}
	into[strings.Join(path, " ")] = flags
	for _, list := range commandsPattern.FindAllStringSubmatch(help, -1) {
		for line := range strings.Lines(list[1]) {
			if name := strings.Fields(line)[0]; name != "help" {
				readCompanion(t, into, append(slices.Clone(path), name))
			}
		}
	}
}

// shellCommands are the simple commands of a script, with the line of each in it.
// Here-documents, comments and what a command feeds on are left out.
func shellCommands(script string) []word {
	var all []word
	lines := strings.Split(strings.ReplaceAll(script, "\\\n", "  "), "\n")
	for i := 0; i < len(lines); i++ {
		line, at := lines[i], i
		if _, end, found := strings.Cut(line, "<<"); found {
			end = strings.Trim(strings.TrimSpace(end), `'"-`)
			for done := false; !done && i+1 < len(lines); {
				i++
				done = strings.TrimSpace(lines[i]) == end
			}
			line, _, _ = strings.Cut(line, "<<")
		}
		line = regexp.MustCompile(`(^|\s)#.*$`).ReplaceAllString(line, "")
		for _, match := range regexp.MustCompile(`\$\(([^()]+)\)`).FindAllStringSubmatch(line, -1) {
			all = append(all, word{strings.TrimSpace(match[1]), at})
		}
		for _, simple := range regexp.MustCompile(`&&|\|\||;|\||&(?:\s|$)`).Split(line, -1) {
			if simple = strings.TrimSpace(simple); simple != "" {
				all = append(all, word{simple, at})
			}
		}
	}
	return all
}

// wrongCommand says why a command cannot be what a page says. The second result
// tells whether the command is one that the checks know.
func (f *facts) wrongCommand(command string) (reason string, known bool) {
	words := strings.Fields(command)
	for len(words) > 0 && regexp.MustCompile(`^[A-Z_]+=`).MatchString(words[0]) {
		words = words[1:] // Variables are looked at wherever they stand.
	}
	for len(words) > 0 && slices.Contains([]string{"export", "sudo", "nohup", "time"}, words[0]) {
		words = words[1:]
	}
	if len(words) == 0 {
		return "", false
	}
	name := strings.TrimPrefix(strings.TrimPrefix(words[0], "./"), "bin/")
	switch name {
	case "make":
		return f.wrongMake(words[1:]), true
	case "appypie":
		return f.wrongCompanion(words[1:]), true
	case "terraform", "tofu":
		return wrongTerraform(words[1:]), true
	case "go":
		return f.wrongGo(words[1:]), true
	}
	return "", false
}

func (f *facts) wrongMake(arguments []string) string {
	for i, argument := range arguments {
		name, _, assigns := strings.Cut(argument, "=")
		quoted := i > 0 && strings.Count(strings.Join(arguments[:i], " "), "'")%2 == 1
		switch {
		case quoted || strings.HasPrefix(argument, "-"):
		case assigns && !f.make.variables[name]:
			return "GNUmakefile has no variable " + name
		case !assigns && !f.make.targets[argument]:
			return "there is no target " + argument
		case assigns && name == "PKG" && strings.Contains(argument, "./internal") && !f.repo.dirs[strings.TrimPrefix(argument, "PKG=./")]:
			return "there is no such package"
		}
	}
	return ""
}

func (f *facts) wrongCompanion(arguments []string) string {
	at := ""
	for i, argument := range arguments {
		if redirects := strings.HasPrefix(argument, ">"); redirects {
			break
		}
		if flag, isFlag := strings.CutPrefix(argument, "--"); isFlag {
			flag, _, _ = strings.Cut(flag, "=")
			if !f.companion[at][flag] && flag != "help" {
				return fmt.Sprintf("`appypie %s` has no flag --%s", at, flag)
			}
			continue
		}
		below := strings.TrimSpace(at + " " + argument)
		if f.companion[below] != nil {
			at = below
			continue
		}
		// What is no command is an argument, which commands that hold others lack.
		if f.holdsOthers(at) && !strings.HasPrefix(argument, "-") && i == len(strings.Fields(at)) {
			return fmt.Sprintf("there is no command `appypie %s`", below)
		}
	}
	return ""
}

func (f *facts) holdsOthers(command string) bool {
	for other := range f.companion {
		if other != command && strings.HasPrefix(other, command) && (command == "" || strings.HasPrefix(other, command+" ")) {
			return true
		}
	}
	return false
}

// wrongTerraform knows the commands of Terraform and OpenTofu that a page may use.
func wrongTerraform(arguments []string) string {
	known := []string{
		"apply", "console", "destroy", "fmt", "force-unlock", "get", "graph", "import", "init", "login", "logout", "metadata", "modules", "output",
		"plan", "providers", "query", "refresh", "show", "state", "taint", "test", "untaint", "validate", "version", "workspace",
	}
	for _, argument := range arguments {
		if strings.HasPrefix(argument, "-") {
			continue
		}
		if !slices.Contains(known, argument) {
			return "Terraform has no command " + argument
		}
		return ""
	}
	return ""
}

// wrongGo looks at packages of this module and at tests that are named.
func (f *facts) wrongGo(arguments []string) string {
	for i, argument := range arguments {
		dir, local := strings.CutPrefix(argument, "./")
		if local && !f.repo.dirs[strings.TrimSuffix(dir, "/...")] {
			return "there is no package " + argument
		}
		if argument == "-run" && i+1 < len(arguments) && !f.someTest(arguments[i+1]) {
			return "there is no test " + arguments[i+1]
		}
	}
	return ""
}

// someTest tells whether -run finds a test.
func (f *facts) someTest(pattern string) bool {
	matches, err := regexp.Compile(strings.Trim(pattern, `'"`))
	for name := range f.code.tests {
		if err == nil && matches.MatchString(name) {
			return true
		}
	}
	return false
}

func TestCommandsExist(t *testing.T) {
	t.Parallel()
	f := allFacts(t)
	checked, other := 0, 0
	for _, b := range f.repo.blocksIn("shell", "bash", "sh", "console") {
		for _, command := range shellCommands(b.text) {
			reason, known := f.wrongCommand(command.text)
			if reason != "" {
				report(t, []finding{{b.page, command.text, reason, b.line + command.line}})
			}
			if known {
				checked++
			} else {
				other++
			}
		}
	}
	t.Logf("%d commands of make, appypie, terraform and go were checked; %d are of other programs", checked, other)
	if checked < 20 {
		t.Errorf("only %d commands were found", checked)
	}
}

func TestWrongCommandsAreFound(t *testing.T) {
	t.Parallel()
	f := allFacts(t)
	for command, wrong := range map[string]string{
		"make demo KEEP=1":                                 "",
		"make":                                             "",
		"make tests":                                       "there is no target tests",
		"make test PACKAGE=x":                              "no variable PACKAGE",
		"make unit PKG=./internal/none":                    "no such package",
		"make testacc TESTARGS='-run Foo -v":               "",
		"bin/appypie login --profile work":                 "",
		"appypie --help":                                   "",
		"appypie logon":                                    "there is no command `appypie logon`",
		"appypie accounts link APP":                        "there is no command `appypie accounts link`",
		"appypie accounts connect APP":                     "",
		"appypie status --verbose":                         "`appypie status` has no flag --verbose",
		"APPYPIE_PROFILE=x appypie status":                 "",
		"terraform plan -out=x":                            "",
		"terraform -chdir=x pln":                           "Terraform has no command pln",
		"go test ./internal/provider -run TestNoSuchThing": "there is no test TestNoSuchThing",
		"go run ./internal/none":                           "there is no package ./internal/none",
	} {
		reason, known := f.wrongCommand(command)
		if !known || (wrong == "") != (reason == "") || !strings.Contains(reason, wrong) {
			t.Errorf("%s: %q, want %q", command, reason, wrong)
		}
	}
	script := "cat > x <<'EOF'\nmake nothing\nEOF\ncurl \"$(appypie token --raw)\" \\\n  -v | jq . # make it\nexport A=1 && . ./x &\n"
	want := "[{cat > x 0} {appypie token --raw 3} {curl \"$(appypie token --raw)\"     -v 3} {jq . 3} {export A=1 4} {. ./x 4}]"
	if got := fmt.Sprint(shellCommands(script)); got != want {
		t.Errorf("commands are\n%s, want\n%s", got, want)
	}
}
