package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/ProtonMail/go-crypto/openpgp"
)

// sideSuffix ends the name of a file with the checksum of one other: the list
// that is signed is for the registries and holds nothing but their files.
const sideSuffix = ".sha256"

// files is a release as a registry finds it: a folder, a version, and what the
// configuration promises.
type files struct {
	config

	dir, version string
	// platforms are those that the provider must be there for.
	platforms []platform
}

// refusals are every reason to refuse a release that is ready.
func (f *files) refusals(keys openpgp.EntityList) error {
	return errors.Join(f.inspect(keys), f.inspectBeside())
}

// inspect looks at what the registries read.
func (f *files) inspect(keys openpgp.EntityList) error {
	provider, err := f.program("provider")
	if err != nil {
		return err
	}
	manifestSource, manifest, err := f.manifest(f.version)
	if err != nil {
		return err
	}
	sums, err := f.sumsName(f.version)
	if err != nil {
		return err
	}
	list, err := os.ReadFile(f.path(sums))
	if err != nil {
		return fmt.Errorf("there is no list of checksums: %w", err)
	}
	allowed, wanted := map[string]platform{}, []string{manifest}
	for _, target := range provider.platforms() {
		name, err := provider.archiveName(f.version, target)
		if err != nil {
			return err
		}
		allowed[name] = target
		if slices.Contains(f.platforms, target) {
			wanted = append(wanted, name)
		}
	}
	problems := []error{f.wrongSignature(sums, list, keys), f.wrongManifest(manifest, manifestSource), f.wrongNames(allowed)}
	problems = append(problems, f.wrongSums(sums, string(list), wanted, func(name string) bool {
		_, ok := allowed[name]
		return ok || name == manifest
	})...)
	for name, target := range allowed {
		if f.has(name) {
			problems = append(problems, f.wrongArchive(provider, name, target))
		}
	}
	return errors.Join(problems...)
}

// path is where a file of the release is.
func (f *files) path(name string) string { return filepath.Clean(filepath.Join(f.dir, name)) }

func (f *files) has(name string) bool {
	_, err := os.Stat(f.path(name))
	return err == nil
}

func (f *files) wrongSignature(sums string, list []byte, keys openpgp.EntityList) error {
	signature, err := os.ReadFile(f.path(sums + signatureSuffix))
	if err != nil {
		return fmt.Errorf("the checksums are not signed: %w", err)
	}
	if _, err := openpgp.CheckDetachedSignature(keys, bytes.NewReader(list), bytes.NewReader(signature), nil); err != nil {
		return fmt.Errorf("%s does not sign %s: %w", sums+signatureSuffix, sums, err)
	}
	return nil
}

func (f *files) wrongManifest(name, source string) error {
	text, err := os.ReadFile(f.path(name))
	if err != nil {
		return fmt.Errorf("there is no manifest, so a registry would take the provider for one of protocol 5: %w", err)
	}
	var manifest struct {
		Version  int `json:"version"`
		Metadata struct {
			Protocols []string `json:"protocol_versions"`
		} `json:"metadata"`
	}
	if err := json.Unmarshal(text, &manifest); err != nil {
		return fmt.Errorf("%s, made of %s: %w", name, source, err)
	}
	if manifest.Version != 1 || !slices.Equal(manifest.Metadata.Protocols, []string{"6.0"}) {
		return fmt.Errorf("%s, made of %s, is of version %d with the protocols %q; this provider speaks 6.0", name, source, manifest.Version, manifest.Metadata.Protocols)
	}
	return nil
}

// wrongNames finds archives of the provider that no registry would find.
func (f *files) wrongNames(allowed map[string]platform) error {
	entries, err := os.ReadDir(f.dir)
	if err != nil {
		return fmt.Errorf("read the release: %w", err)
	}
	var problems []error
	for _, entry := range entries {
		name := entry.Name()
		_, ok := allowed[name]
		if !ok && strings.HasPrefix(name, f.Project+"_") && strings.HasSuffix(name, ".zip") {
			problems = append(problems, fmt.Errorf("%s is not named %s_%s_OS_ARCH.zip for a platform of %s", name, f.Project, f.version, configFile))
		}
	}
	return errors.Join(problems...)
}

var sumLine = regexp.MustCompile(`^([0-9a-f]{64})  (\S+)$`)

// wrongSums holds each line of the list to its file. Only what is allowed may be
// listed, and all that is wanted must be.
func (f *files) wrongSums(sums, list string, wanted []string, allowed func(string) bool) []error {
	var problems []error
	listed := map[string]bool{}
	for line := range strings.Lines(list) {
		match := sumLine.FindStringSubmatch(strings.TrimSuffix(line, "\n"))
		if match == nil {
			problems = append(problems, fmt.Errorf("%s has the line %q, which is not a checksum and a name", sums, line))
			continue
		}
		name := match[2]
		if listed[name] {
			problems = append(problems, fmt.Errorf("%s lists %s twice", sums, name))
		}
		listed[name] = true
		if !allowed(name) {
			problems = append(problems, fmt.Errorf("%s lists %s, which is neither an archive of the provider nor the manifest", sums, name))
			continue
		}
		got, err := sumOf(f.path(name))
		switch {
		case err != nil:
			problems = append(problems, fmt.Errorf("%s lists %s: %w", sums, name, err))
		case got != match[1]:
			problems = append(problems, fmt.Errorf("%s has the checksum %s, and %s lists %s", name, got, sums, match[1]))
		}
	}
	for _, name := range wanted {
		if !listed[name] {
			problems = append(problems, fmt.Errorf("%s does not list %s", sums, name))
		}
	}
	return problems
}

// wrongArchive looks for the one program by which Terraform starts the provider.
func (f *files) wrongArchive(provider program, name string, target platform) error {
	binary, err := provider.binary(f.version, target)
	if err != nil {
		return err
	}
	archive, err := zip.OpenReader(f.path(name))
	if err != nil {
		return fmt.Errorf("open %s: %w", name, err)
	}
	defer func() { _ = archive.Close() }()
	var problems []error
	found := false
	for _, file := range archive.File {
		switch {
		case file.Name == binary:
			found = true
			if file.Mode()&0o111 == 0 {
				problems = append(problems, fmt.Errorf("%s in %s has mode %v and cannot be started", binary, name, file.Mode()))
			}
		case !slices.Contains(provider.files, file.Name):
			problems = append(problems, fmt.Errorf("%s holds %s, which does not belong there", name, file.Name))
		}
	}
	if !found {
		problems = append(problems, fmt.Errorf("%s does not hold %s", name, binary))
	}
	return errors.Join(problems...)
}

// inspectBeside holds everything that the registries do not read to a checksum of
// its own.
func (f *files) inspectBeside() error {
	entries, err := os.ReadDir(f.dir)
	if err != nil {
		return fmt.Errorf("read the release: %w", err)
	}
	var problems []error
	for _, entry := range entries {
		name := entry.Name()
		beside := strings.HasSuffix(name, ".sbom.json") || strings.HasSuffix(name, ".zip") && !strings.HasPrefix(name, f.Project+"_")
		if !beside {
			continue
		}
		text, err := os.ReadFile(f.path(name + sideSuffix))
		if err != nil {
			problems = append(problems, fmt.Errorf("%s has no checksum: %w", name, err))
			continue
		}
		got, err := sumOf(f.path(name))
		if err != nil {
			return err
		}
		if string(text) != got+"  "+name+"\n" {
			problems = append(problems, fmt.Errorf("%s has the checksum %s, and %s says %q", name, got, name+sideSuffix, text))
		}
	}
	return errors.Join(problems...)
}
