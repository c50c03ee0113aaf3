package provider_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/tfrun"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// frozenDir holds what earlier versions of the provider left behind, a folder
// each: a configuration, the state, and the content of the service.
const frozenDir = "testdata/state"

// Names of the files of a frozen folder.
const (
	frozenConfig  = "main.tf"
	frozenState   = "state.json"
	frozenService = "service.json"
)

// stateFile is where Terraform keeps the state of a working directory.
const stateFile = "terraform.tfstate"

// frozenInstance is one object of a state file, as far as the tests look at it.
type frozenInstance struct {
	Type            string          `json:"-"`
	Address         string          `json:"-"`
	SchemaVersion   int64           `json:"schema_version"`
	Attributes      json.RawMessage `json:"attributes"`
	Private         []byte          `json:"private"`
	IdentityVersion int64           `json:"identity_schema_version"`
	Identity        json.RawMessage `json:"identity"`
}

// Whoever raises a version of a schema has to say what becomes of the states of
// before. That can be tried only while there is such a state.
func TestEverySchemaVersionIsFrozen(t *testing.T) {
	t.Parallel()
	held := map[string]bool{}
	for _, dir := range frozenFolders(t) {
		for _, instance := range frozenInstances(t, dir) {
			held[versionOf(instance.Type, instance.SchemaVersion)] = true
			held[identityOf(instance.Type, instance.IdentityVersion)] = len(instance.Identity) > 0 || held[identityOf(instance.Type, instance.IdentityVersion)]
		}
	}
	missing := missingVersions(newRegistry(t), held)
	if len(missing) > 0 && *update {
		freeze(t)
		return
	}
	for _, version := range missing {
		t.Errorf("no frozen state has %s; add it to %s/main.tf and run `TF_ACC=1 go test ./internal/provider -run TestEverySchemaVersionIsFrozen -update` with Terraform 1.12 or newer", version, frozenDir)
	}
}

func versionOf(typeName string, version int64) string {
	return fmt.Sprintf("%s of schema version %d", typeName, version)
}

func identityOf(typeName string, version int64) string {
	return fmt.Sprintf("%s of identity version %d", typeName, version)
}

// missingVersions are those from zero to the current one that no state has.
func missingVersions(r registry, held map[string]bool) []string {
	var missing []string
	for _, name := range slices.Sorted(maps.Keys(r.schemas.ResourceSchemas)) {
		for version := range r.schemas.ResourceSchemas[name].Version + 1 {
			if !held[versionOf(name, version)] {
				missing = append(missing, versionOf(name, version))
			}
		}
		for version := range r.identities[name].Version + 1 {
			if !held[identityOf(name, version)] {
				missing = append(missing, identityOf(name, version))
			}
		}
	}
	return missing
}

// Terraform hands over the state as it was stored, and the provider of today has
// to make sense of it.
func TestFrozenStatesAreUpgraded(t *testing.T) {
	t.Parallel()
	r := newRegistry(t)
	driver := acctest.NewDriver(t, r.server)

	for _, dir := range frozenFolders(t) {
		for _, instance := range frozenInstances(t, dir) {
			t.Run(filepath.Base(dir)+" "+instance.Address, func(t *testing.T) {
				t.Parallel()
				var attributes map[string]any
				if err := json.Unmarshal(instance.Attributes, &attributes); err != nil {
					t.Fatal(err)
				}
				upgraded, diags := driver.Upgrade(t.Context(), instance.Type, instance.SchemaVersion, attributes)
				if len(diags) > 0 || !upgraded.Exists() {
					t.Errorf("the state is not understood:\n%s", diags)
				}
				r.expectIdentity(t, instance)
			})
		}
	}
}

// expectIdentity compares an identity with the schema of today. Terraform has
// only those upgraded that are of an earlier version.
func (r registry) expectIdentity(t *testing.T, instance frozenInstance) {
	t.Helper()
	schema := r.identities[instance.Type]
	if instance.IdentityVersion < schema.Version {
		answer, err := r.server.UpgradeResourceIdentity(t.Context(), &tfprotov6.UpgradeResourceIdentityRequest{
			TypeName: instance.Type, Version: instance.IdentityVersion, RawIdentity: &tfprotov6.RawState{JSON: instance.Identity},
		})
		if err != nil {
			t.Fatal(err)
		}
		expectNothing(t, answer.Diagnostics)
		return
	}
	var identity map[string]any
	if err := json.Unmarshal(instance.Identity, &identity); err != nil {
		t.Fatal(err)
	}
	for _, attribute := range schema.IdentityAttributes {
		if attribute.RequiredForImport && identity[attribute.Name] == nil {
			t.Errorf("the identity %v lacks %s; raise the version of its schema", identity, attribute.Name)
		}
		delete(identity, attribute.Name)
	}
	if len(identity) > 0 {
		t.Errorf("the identity has %v too much; raise the version of its schema", identity)
	}
}

// The real Terraform goes on from a state that an earlier version wrote: there is
// nothing to change, what the private state says still counts, and everything
// can be destroyed.
func TestFrozenStatesPlanEmpty(t *testing.T) {
	t.Parallel()
	for _, dir := range frozenFolders(t) {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			env, _ := frozenEnv(t, readFile(t, filepath.Join(dir, frozenService)))
			tool := env.Project(t, map[string]string{
				frozenConfig: readFile(t, filepath.Join(dir, frozenConfig)),
				stateFile:    readFile(t, filepath.Join(dir, frozenState)),
			})
			if output, err := tool.Plan(t.Context(), tfrun.PlanEmpty); err != nil {
				t.Fatalf("%v\n%s", err, output)
			}
			expectKeptOption(t, env, tool)
			if output, err := tool.Run(t.Context(), "destroy", "-auto-approve", "-input=false"); err != nil {
				t.Fatalf("%v\n%s", err, output)
			}

			// One of them has the deletion policy turn_off.
			if left := env.Sim.Connects(); len(left) != 1 || left[0].Status != simulator.StatusOff {
				t.Errorf("destroy left %+v", left)
			}
		})
	}
}

// expectKeptOption shows that the private state arrived: an option that leaves
// the configuration is cleared, unless the connect was imported and nothing was
// applied since.
func expectKeptOption(t *testing.T, env *acctest.Env, tool *tfrun.Terraform) {
	t.Helper()
	if output, err := tool.Run(t.Context(), "apply", "-auto-approve", "-input=false", "-var=every_option=false"); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	connects := env.Sim.Connects()
	i := slices.IndexFunc(connects, func(c simulator.Connect) bool { return c.Name == "Made by hand" })
	if i < 0 || connects[i].Actions[0].Options["method"] != "POST" {
		t.Errorf("the imported connect lost what was never managed: %+v", connects)
	}
	tool.Environment = append(tool.Environment, "TF_VAR_every_option=false")
}

// frozenEnv is a service with a content of before, and the file that keeps it.
func frozenEnv(t *testing.T, content string) (*acctest.Env, string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), frozenService)
	if content != "" {
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return acctest.New(t, acctest.WithSimulator(func(cfg *simulator.Config) { cfg.StateFile = file })), file
}

func frozenFolders(t *testing.T) []string {
	t.Helper()
	folders, err := filepath.Glob(filepath.Join(frozenDir, "v*"))
	if err != nil {
		t.Fatal(err)
	}
	return folders
}

func frozenInstances(t *testing.T, dir string) []frozenInstance {
	t.Helper()
	var state struct {
		Resources []struct {
			Mode, Type, Name string
			Instances        []frozenInstance
		}
	}
	if err := json.Unmarshal([]byte(readFile(t, filepath.Join(dir, frozenState))), &state); err != nil {
		t.Fatal(err)
	}
	var all []frozenInstance

	for _, resource := range state.Resources {
		for _, instance := range resource.Instances {
			if resource.Mode == "managed" {
				instance.Type, instance.Address = resource.Type, resource.Type+"."+resource.Name
				all = append(all, instance)
			}
		}
	}
	if len(all) == 0 {
		t.Fatalf("%s holds no resource", dir)
	}
	return all
}

// freeze adds a folder with what the provider of today leaves behind. It never
// changes one that is there.
func freeze(t *testing.T) {
	t.Helper()
	env, service := frozenEnv(t, "")
	made := env.Sim.CreateConnect(env.MatchID(t, acctest.ScheduleToWebhook), "Made by hand")
	if err := env.Sim.Edit(made.ID, func(c *simulator.Connect) {
		c.Trigger.Options = map[string]string{"minute": "30"}
		c.Actions[0].Options = map[string]string{"url": "https://hooks.example.com/by-hand", "method": "POST"}
	}); err != nil {
		t.Fatal(err)
	}
	config := readFile(t, filepath.Join(frozenDir, frozenConfig))
	tool := env.Project(t, map[string]string{frozenConfig: config})
	if !tool.AtLeast("1.12.0") {
		t.Fatalf("a state has identities since Terraform 1.12, and this is %s", tool.Version)
	}

	for _, args := range [][]string{
		{"import", "-input=false", "appypie_connect.imported", made.ID},
		{"apply", "-input=false", "-auto-approve"},
	} {
		if output, err := tool.Run(t.Context(), args...); err != nil {
			t.Fatalf("%v\n%s", err, output)
		}
	}
	if output, err := tool.Plan(t.Context(), tfrun.PlanEmpty); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}

	dir := filepath.Join(frozenDir, "v"+strconv.Itoa(len(frozenFolders(t))))
	for name, text := range map[string]string{
		frozenConfig:  config,
		frozenState:   readFile(t, filepath.Join(tool.Dir, stateFile)),
		frozenService: withoutGrants(t, readFile(t, service)),
	} {
		if err := os.MkdirAll(dir, 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("froze %s", dir)
}

// withoutGrants leaves out the tokens of the simulated service: each test has a
// login of its own.
func withoutGrants(t *testing.T, content string) string {
	t.Helper()
	var members map[string]json.RawMessage
	if err := json.Unmarshal([]byte(content), &members); err != nil {
		t.Fatal(err)
	}
	delete(members, "grants")
	text, err := json.MarshalIndent(members, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text) + "\n"
}
