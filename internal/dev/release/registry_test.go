package release

import (
	"cmp"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/ProtonMail/go-crypto/openpgp"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/tfrun"
)

// address is the provider's below the host of a registry.
const address = "appypie-community/appypie"

// The registries of the two programs.
const (
	terraformHost = "registry.terraform.io"
	opentofuHost  = "registry.opentofu.org"
)

// secure serves over TLS, and returns the certificate to trust. It is for loopback
// and for names below example.com.
func secure(t *testing.T, handler http.Handler) (server *httptest.Server, trusted string) {
	t.Helper()
	server = httptest.NewUnstartedServer(handler)
	// What goes wrong is told by the program that asks.
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	return server, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
}

// registry serves a release in the two ways by which Terraform and OpenTofu fetch
// providers: as a network mirror and as a registry.
type registry struct {
	*files

	url, trusted string
}

// serve serves a release whose maintainer gave that key to the registry, as
// https://developer.hashicorp.com/terraform/internals/provider-network-mirror-protocol
// and https://developer.hashicorp.com/terraform/internals/provider-registry-protocol say.
func (f *files) serve(t *testing.T, key *openpgp.Entity) *registry {
	t.Helper()
	mux := http.NewServeMux()
	server, trusted := secure(t, mux)
	answer := func(path string, document any) {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_ = json.NewEncoder(w).Encode(document)
		})
	}
	mux.Handle("/files/", http.StripPrefix("/files/", http.FileServer(http.Dir(f.dir))))
	at := server.URL + "/files/"
	mirrored, platforms, public := map[string]any{}, []map[string]string{}, armored(t, key)
	for _, target := range f.platforms {
		name := f.provider.archiveFor(target)
		sum, err := f.sum(name)
		if err != nil {
			t.Fatal(err)
		}
		system, architecture, _ := strings.Cut(target, "_")
		mirrored[target] = map[string]any{"url": at + name, "hashes": []string{"zh:" + sum}}
		platforms = append(platforms, map[string]string{"os": system, "arch": architecture})
		answer("/v1/providers/"+address+"/"+f.version+"/download/"+system+"/"+architecture, map[string]any{
			"protocols": []string{"6.0"}, "os": system, "arch": architecture, "filename": name, "shasum": sum,
			"download_url": at + name, "shasums_url": at + f.sums, "shasums_signature_url": at + f.sums + signatureSuffix,
			"signing_keys": map[string]any{"gpg_public_keys": []any{map[string]string{"key_id": key.PrimaryKey.KeyIdString(), "ascii_armor": public}}},
		})
	}
	answer("/v1/providers/"+address+"/versions", map[string]any{
		"versions": []any{map[string]any{"version": f.version, "protocols": []string{"6.0"}, "platforms": platforms}},
	})
	for _, of := range []string{terraformHost, opentofuHost} {
		place := "/mirror/" + of + "/" + address + "/"
		answer(place+"index.json", map[string]any{"versions": map[string]any{f.version: map[string]any{}}})
		answer(place+f.version+".json", map[string]any{"archives": mirrored})
	}
	return &registry{files: f, url: server.URL, trusted: trusted}
}

// installer is a program that installs providers.
type installer struct{ name, program, host string }

// installers are those at hand. Why another one is left out is logged.
func installers(t *testing.T) (found []installer) {
	t.Helper()
	for _, one := range []installer{
		{"Terraform", cmp.Or(os.Getenv("TF_ACC_TERRAFORM_PATH"), "terraform"), terraformHost},
		{"OpenTofu", "tofu", opentofuHost},
	} {
		program, err := exec.LookPath(one.program)
		switch {
		case err != nil:
			t.Logf("%s did not install the release: %v", one.name, err)
		case runtime.GOOS == "darwin" || runtime.GOOS == "windows":
			t.Logf("%s did not install the release: on %s it trusts the authorities of the system only", one.name, runtime.GOOS)
		default:
			one.program = program
			found = append(found, one)
		}
	}
	return found
}

// ways are the CLI configurations by which a program finds the release.
func (r *registry) ways(host string) map[string]string {
	return map[string]string{
		"a network mirror": fmt.Sprintf("provider_installation {\n  network_mirror {\n    url = \"%s/mirror/\"\n  }\n}\n", r.url),
		"its registry":     fmt.Sprintf("host %q {\n  services = {\n    \"providers.v1\" = \"%s/v1/providers/\"\n  }\n}\n", host, r.url),
	}
}

// configuration is one that needs exactly this release.
func (f *files) configuration() string {
	return fmt.Sprintf("terraform {\n  required_providers {\n    appypie = {\n      source  = %q\n      version = %q\n    }\n  }\n}\n", address, f.version)
}

// workspace is a folder with a CLI configuration and a configuration that needs the
// release, and the environment of programs there, which trust the registry.
func (r *registry) workspace(t *testing.T, cliConfig string) (*tfrun.Workspace, []string) {
	t.Helper()
	space := tfrun.NewWorkspace(t.TempDir())
	write(t, space.Path("main.tf"), r.configuration())
	write(t, space.CLIConfig(), cliConfig)
	write(t, space.Path("ca.pem"), r.trusted)
	return space, append(space.Environment(), "SSL_CERT_FILE="+space.Path("ca.pem"))
}

// install has a program install the provider by a CLI configuration, and start it.
func (r *registry) install(t *testing.T, by installer, cliConfig string) error {
	t.Helper()
	space, environment := r.workspace(t, cliConfig)
	for _, step := range []struct {
		wanted string
		args   []string
	}{
		{"appypie v" + r.version, []string{"init", "-input=false", "-no-color"}},
		{`"appypie_connect"`, []string{"providers", "schema", "-json"}},
	} {
		output, err := tfrun.MustCall(t.Context(), tfrun.Command(t.Context(), space.Root, environment, by.program, step.args...))
		if err != nil {
			return errors.New(err.Error() + "\n" + output)
		}
		if !strings.Contains(output, step.wanted) {
			return fmt.Errorf("%s %s does not tell of %s:\n%.2000s", filepath.Base(by.program), step.args[0], step.wanted, output)
		}
	}
	return nil
}

// Each program at hand installs the release over TLS, in each way that it knows,
// and starts it.
func TestReleaseInstalls(t *testing.T) {
	t.Parallel()
	f := released(t)
	r := f.serve(t, f.keys[0])
	for _, by := range installers(t) {
		for way, cliConfig := range r.ways(by.host) {
			if err := r.install(t, by, cliConfig); err != nil {
				t.Errorf("%s cannot install the release from %s: %v", by.name, way, err)
				continue
			}
			t.Logf("%s installed %s from %s and started it", by.name, f.version, way)
		}
	}
}

// What is served is what the programs look at: none installs a release by a
// stranger, or from a host whose authority it does not know.
func TestProgramsRefuseWhatIsWrong(t *testing.T) {
	t.Parallel()
	f := released(t)
	wrongKey, unknown := f.serve(t, throwAwayKey(t)), f.serve(t, f.keys[0])
	unknown.trusted = ""
	for _, by := range installers(t) {
		if err := wrongKey.install(t, by, wrongKey.ways(by.host)["its registry"]); err == nil {
			t.Errorf("%s took checksums that somebody else has signed", by.name)
		}
		for way, cliConfig := range unknown.ways(by.host) {
			if err := unknown.install(t, by, cliConfig); err == nil {
				t.Errorf("%s trusted an unknown authority and installed from %s", by.name, way)
			}
		}
	}
}
