package release

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/hashicorp/go-version"
)

const (
	// sideSuffix ends the name of a file with the checksum of one other: the list
	// that is signed is for the registries and holds nothing but their files.
	sideSuffix = ".sha256"
	// signatureSuffix is what a signature's name adds to the name of the list.
	signatureSuffix = ".sig"
	manifestFile    = "terraform-registry-manifest.json"
)

// files is a release as a registry finds it: a folder, and what the configuration
// promises.
type files struct {
	naming

	dir string
	// platforms are those that the provider must be there for.
	platforms []string
	keys      openpgp.EntityList
	// alone is set when nothing but the registries' files has checksums.
	alone bool
}

// path is where a file of the release is.
func (f *files) path(name string) string { return filepath.Join(f.dir, name) }

func (f *files) has(name string) bool {
	_, err := os.Stat(f.path(name))
	return err == nil
}

// sum is the checksum of a file of the release, in hexadecimal.
func (f *files) sum(name string) (string, error) {
	content, err := os.ReadFile(f.path(name))
	return fmt.Sprintf("%x", sha256.Sum256(content)), err
}

// problems are the reasons to refuse a release.
type problems []string

func (p *problems) add(format string, args ...any) { *p = append(*p, fmt.Sprintf(format, args...)) }

// refusals are every reason to refuse a release.
func (f *files) refusals() problems {
	var p problems
	if parsed, err := version.NewSemver(f.version); err != nil || parsed.String() != f.version {
		p.add("%q is not a number without v, such as 1.2.3", f.version)
	}
	allowed, wanted := map[string]string{}, []string{f.manifest}
	for _, target := range f.provider.targets {
		name := f.provider.archiveFor(target)
		allowed[name] = target
		if slices.Contains(f.platforms, target) {
			wanted = append(wanted, name)
		}
		if f.has(name) {
			f.inspectArchive(&p, name, target)
		}
	}
	f.inspectManifest(&p)
	f.inspectSums(&p, allowed, wanted)
	entries, err := os.ReadDir(f.dir)
	if err != nil {
		p.add("read the release: %v", err)
	}
	for _, entry := range entries {
		name := entry.Name()
		ours := strings.HasPrefix(name, f.project+"_")
		switch {
		case ours && strings.HasSuffix(name, ".zip"):
			if allowed[name] == "" {
				p.add("%s is not named %s_%s_OS_ARCH.zip for a platform of %s", name, f.project, f.version, configFile)
			}
		case !f.alone && (strings.HasSuffix(name, ".zip") || strings.HasSuffix(name, ".sbom.json")):
			f.inspectBeside(&p, name)
		}
	}
	return p
}

// inspectArchive looks for the one program by which Terraform starts the provider.
func (f *files) inspectArchive(p *problems, name, target string) {
	archive, err := zip.OpenReader(f.path(name))
	if err != nil {
		p.add("open %s: %v", name, err)
		return
	}
	defer func() { _ = archive.Close() }()
	binary, found := f.provider.executable(target), false
	for _, file := range archive.File {
		switch {
		case file.Name == binary:
			found = true
			if file.Mode()&0o111 == 0 {
				p.add("%s in %s has mode %v and cannot be started", binary, name, file.Mode())
			}
		case !slices.Contains(f.provider.files, file.Name):
			p.add("%s holds %s, which does not belong there", name, file.Name)
		}
	}
	if !found {
		p.add("%s does not hold %s", name, binary)
	}
}

func (f *files) inspectManifest(p *problems) {
	text, err := os.ReadFile(f.path(f.manifest))
	if err != nil {
		p.add("there is no manifest, so a registry would take the provider for one of protocol 5: %v", err)
		return
	}
	var manifest struct {
		Version  int
		Metadata struct {
			Protocols []string `json:"protocol_versions"`
		}
	}
	if err := json.Unmarshal(text, &manifest); err != nil {
		p.add("%s, made of %s: %v", f.manifest, manifestFile, err)
	} else if manifest.Version != 1 || !slices.Equal(manifest.Metadata.Protocols, []string{"6.0"}) {
		p.add("%s is of version %d with the protocols %q; this provider speaks 6.0", f.manifest, manifest.Version, manifest.Metadata.Protocols)
	}
}

var sumLine = regexp.MustCompile(`^([0-9a-f]{64})  (\S+)\n$`)

// inspectSums holds the list to its signature and each of its lines to its file.
// Only archives of the provider and the manifest may be listed, and all that is
// wanted must be.
func (f *files) inspectSums(p *problems, allowed map[string]string, wanted []string) {
	list, err := os.ReadFile(f.path(f.sums))
	if err != nil {
		p.add("there is no list of checksums: %v", err)
		return
	}
	if signature, err := os.ReadFile(f.path(f.sums + signatureSuffix)); err != nil {
		p.add("the checksums are not signed: %v", err)
	} else if _, err := openpgp.CheckDetachedSignature(f.keys, bytes.NewReader(list), bytes.NewReader(signature), nil); err != nil {
		p.add("%s does not sign %s: %v", f.sums+signatureSuffix, f.sums, err)
	}
	listed := map[string]bool{}
	for line := range strings.Lines(string(list)) {
		match := sumLine.FindStringSubmatch(line)
		if match == nil {
			p.add("%s has the line %q, which is not a checksum and a name", f.sums, line)
			continue
		}
		name := match[2]
		got, err := f.sum(name)
		switch {
		case listed[name]:
			p.add("%s lists %s twice", f.sums, name)
		case allowed[name] == "" && name != f.manifest:
			p.add("%s lists %s, which is neither an archive of the provider nor the manifest", f.sums, name)
		case err != nil:
			p.add("%s lists %s: %v", f.sums, name, err)
		case got != match[1]:
			p.add("%s has the checksum %s, and %s lists %s", name, got, f.sums, match[1])
		}
		listed[name] = true
	}
	for _, name := range wanted {
		if !listed[name] {
			p.add("%s does not list %s", f.sums, name)
		}
	}
}

// inspectBeside holds a file that the registries do not read to a checksum of its
// own.
func (f *files) inspectBeside(p *problems, name string) {
	text, err := os.ReadFile(f.path(name + sideSuffix))
	if err != nil {
		p.add("%s has no checksum: %v", name, err)
		return
	}
	if got, err := f.sum(name); err != nil || string(text) != got+"  "+name+"\n" {
		p.add("%s has the checksum %s (%v), and %s says %q", name, got, err, name+sideSuffix, text)
	}
}
