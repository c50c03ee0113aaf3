package release

import (
	"bufio"
	"cmp"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/tfrun"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// closedNetwork is what a machine in one can reach: a proxy, and behind it hosts
// whose certificates come from an authority of the company.
type closedNetwork struct {
	proxy string
	// authority is the certificate that all hosts are trusted by.
	authority string

	mu      sync.Mutex
	reached []string
}

// newClosedNetwork serves hosts, each with its handler.
func newClosedNetwork(t *testing.T, hosts map[string]http.Handler) *closedNetwork {
	t.Helper()
	n := &closedNetwork{}
	behind := map[string]string{}
	for host, handler := range hosts {
		var server *httptest.Server
		server, n.authority = secure(t, handler)
		behind[host+":443"] = server.Listener.Addr().String()
	}
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n.mu.Lock()
		n.reached = append(n.reached, r.Host)
		n.mu.Unlock()
		if r.Method != http.MethodConnect || behind[r.Host] == "" {
			http.Error(w, "there is no such host", http.StatusBadGateway)
			return
		}
		tunnel(r.Context(), w, behind[r.Host])
	}))
	t.Cleanup(proxy.Close)
	n.proxy = proxy.URL
	return n
}

// tunnel joins a client with a host until either has enough.
func tunnel(ctx context.Context, w http.ResponseWriter, address string) {
	host, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	client, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		_ = host.Close()
		return
	}
	_, _ = io.WriteString(client, "HTTP/1.1 200 Connection established\r\n\r\n")
	var ends sync.WaitGroup
	for _, way := range []struct {
		to   net.Conn
		from io.Reader
	}{{host, bufio.NewReader(buffered)}, {client, host}} {
		ends.Go(func() {
			_, _ = io.Copy(way.to, way.from)
			_ = way.to.Close()
		})
	}
	ends.Wait()
}

// went reports whether a host was reached through the proxy, and forgets it.
func (n *closedNetwork) went(host string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	found := slices.Contains(n.reached, host+":443")
	n.reached = nil
	return found
}

// guide is a file of the guide.
func guide(t *testing.T, name string) string {
	t.Helper()
	return read(t, "examples/guides/closed-networks/"+name)
}

// environment is what the guide exports, with the proxy and the file of this
// machine.
func (n *closedNetwork) environment(t *testing.T) []string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "company.pem")
	write(t, file, n.authority)
	var all []string
	for _, match := range regexp.MustCompile(`(?m)^export (\w+)=(\S+)$`).FindAllStringSubmatch(guide(t, "environment.sh"), -1) {
		value := strings.NewReplacer("http://proxy.example.com:3128", n.proxy, "/etc/ssl/certs/company.pem", file).Replace(match[2])
		all = append(all, match[1]+"="+value)
	}
	if len(all) != 3 {
		t.Fatalf("the guide exports %q", all)
	}
	return all
}

// filled is a mirror as the guide has it filled: by Terraform, from the registry.
func filled(t *testing.T, by installer) string {
	t.Helper()
	f := released(t)
	r := f.serve(t, f.keys[0])
	space, environment := r.workspace(t, r.ways(by.host)["its registry"])
	run(t, space.Root, environment, by.program, "providers", "mirror", "-platform="+host, "providers")
	return space.Path("providers")
}

// The blocks of the guide install the release, as they stand but for the folder:
// from a folder, from a web server that only the proxy knows, and OpenTofu from an
// OCI registry there. Then the provider reaches its API through the proxy too,
// trusting the company's authority in either way of the guide.
func TestClosedNetwork(t *testing.T) {
	t.Parallel()
	f := released(t)
	for _, by := range installers(t) {
		mirror := filled(t, by)
		for _, way := range []struct{ name, block, from string }{
			{"folder", strings.ReplaceAll(guide(t, "filesystem-mirror.tfrc"), "/usr/share/terraform/providers", filepath.ToSlash(mirror)), ""},
			{"web server", guide(t, "network-mirror.tfrc"), "mirror.example.com"},
			{"OCI registry", guide(t, "oci-mirror.tofurc"), "registry.example.com"},
		} {
			t.Run(by.name+" from a "+way.name, func(t *testing.T) {
				t.Parallel()
				if way.name == "OCI registry" && by.host == terraformHost {
					t.Skip("Terraform reads no OCI registry; with tofu on PATH OpenTofu does")
				}
				f.runInClosedNetwork(t, by, mirror, strings.ReplaceAll(way.block, terraformHost, by.host), way.from)
			})
		}
	}
}

// runInClosedNetwork installs the release by a block of CLI configuration and plans
// with it. from is the host that it comes from, empty for a folder.
func (f *files) runInClosedNetwork(t *testing.T, by installer, mirror, block, from string) {
	t.Helper()
	env := acctest.New(t)
	env.NeedsSimulator(t, "the test stands between the provider and the service")
	service, err := url.Parse(env.URL)
	if err != nil {
		t.Fatal(err)
	}
	network := newClosedNetwork(t, map[string]http.Handler{
		"mirror.example.com":   http.StripPrefix("/providers/", http.FileServer(http.Dir(mirror))),
		"registry.example.com": newOCIRegistry(t, mirror, "opentofu-providers/appypie-community/appypie"),
		"connect.example.com":  &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(service) }},
	})
	space := tfrun.NewWorkspace(t.TempDir())
	write(t, space.Path("main.tf"), f.configuration()+"\ndata \"appypie_profile\" \"me\" {}\n")
	write(t, space.CLIConfig(), block)
	login := append(space.Environment(), "APPYPIE_ACCESS_TOKEN="+env.Sim.IssueAccessToken(),
		"APPYPIE_API_URL=https://connect.example.com/api/v2/integrations", "APPYPIE_TOKEN_URL=https://connect.example.com/v1/oauth2/token")
	call := func(environment []string, verb string) (string, error) {
		return tfrun.MustCall(t.Context(), tfrun.Command(t.Context(), space.Root, environment, by.program, verb, "-input=false", "-no-color"))
	}
	whole := append(slices.Clone(login), network.environment(t)...)
	if output, err := call(whole, "init"); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	if network.went(cmp.Or(from, "mirror.example.com")) != (from != "") {
		t.Errorf("the release came from another place than %q", from)
	}
	if output, err := call(whole, "plan"); err != nil {
		t.Errorf("%v\n%s", err, output)
	}
	if !network.went("connect.example.com") {
		t.Error("the provider did not take the proxy")
	}
	// Without the authority of the company nothing is trusted, unless the provider
	// itself is told of it.
	bare, told := slices.Clone(login), slices.Clone(login)
	for _, entry := range network.environment(t) {
		if file, ok := strings.CutPrefix(entry, "SSL_CERT_FILE="); ok {
			told = append(told, "APPYPIE_CA_CERTIFICATE_FILE="+file)
			continue
		}
		bare, told = append(bare, entry), append(told, entry)
	}
	if output, err := call(bare, "plan"); err == nil {
		t.Errorf("an unknown authority was trusted:\n%s", output)
	}
	if output, err := call(told, "plan"); err != nil {
		t.Errorf("%v\n%s", err, output)
	}
}

// Every block of the guide has the shape that the programs read, and each program
// at hand reads those that are for it without a complaint.
func TestCLIConfigurationIsRead(t *testing.T) {
	t.Parallel()
	methods := map[string]string{"filesystem-mirror.tfrc": "filesystem_mirror", "network-mirror.tfrc": "network_mirror", "oci-mirror.tofurc": "oci_mirror"}
	for name, method := range methods {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := guide(t, name)
			parsed, diags := hclsyntax.ParseConfig([]byte(text), name, hcl.InitialPos)
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			body, ok := parsed.Body.(*hclsyntax.Body)
			if !ok || len(body.Blocks) != 1 || body.Blocks[0].Type != "provider_installation" {
				t.Fatal("the file is not one block provider_installation")
			}
			var inside []string
			for _, block := range body.Blocks[0].Body.Blocks {
				inside = append(inside, block.Type)
			}
			if !slices.Equal(inside, []string{method, "direct"}) {
				t.Errorf("the block holds %q", inside)
			}
			file := filepath.Join(t.TempDir(), name)
			write(t, file, text)
			for _, program := range []string{"terraform", "tofu"} {
				if program == "terraform" && method == "oci_mirror" {
					continue
				}
				found, err := exec.LookPath(program)
				if err != nil {
					t.Logf("%s was not asked to read %s: %v", program, name, err)
					continue
				}
				environment := append(tfrun.NewWorkspace(t.TempDir()).Environment(), "TF_CLI_CONFIG_FILE="+file)
				output, err := tfrun.MustCall(t.Context(), tfrun.Command(t.Context(), "", environment, found, "version"))
				if err != nil || strings.Contains(output, "Warning") || strings.Contains(output, "Error") {
					t.Errorf("%s: %v\n%s", program, err, output)
				}
			}
		})
	}
}
