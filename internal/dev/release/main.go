// Command release is `make release-check`: it builds what a release holds for
// this machine, by the configuration of GoReleaser, signs it with a key that it
// throws away, and reads it as a registry does. Then Terraform, and OpenTofu where
// there is one, install it from a network mirror and from a registry on loopback.
// The same source, version and Go give the same bytes.
//
// With -read it reads a release that GoReleaser has made instead.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/ProtonMail/go-crypto/openpgp"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/tfrun"
)

// folder is that of the release; what it held is removed.
const folder = "dist"

// options are what the command line says.
type options struct{ version, read, key string }

func main() {
	var o options
	flag.StringVar(&o.version, "version", "", "number of the release, without v; if left out, 0.0.1, or with -read that of its list of checksums")
	flag.StringVar(&o.read, "read", "", "folder with the files of a release to read, instead of building one")
	flag.StringVar(&o.key, "key", "", "armored public key that signed the release to read; without it the checksums are signed with a throw-away key")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := check(ctx, o, os.Stdout)
	stop()
	if err == nil {
		return
	}
	_, _ = fmt.Fprintln(os.Stderr, "release:", err)
	if failed, ok := errors.AsType[*tfrun.Error](err); ok {
		_, _ = fmt.Fprintln(os.Stderr, failed.Output)
	}
	os.Exit(1)
}

// check makes or takes a release and does what registries and users do with it.
func check(ctx context.Context, o options, progress io.Writer) error {
	source, err := tfrun.ModuleDir(ctx)
	if err != nil {
		return err
	}
	c, err := readConfig(source)
	if err != nil {
		return err
	}
	f := &files{config: c, dir: o.read, version: o.version, platforms: []platform{hostPlatform()}}
	if o.read == "" {
		f.dir = folder
		if err := os.RemoveAll(folder); err != nil {
			return fmt.Errorf("empty the folder for the release: %w", err)
		}
		// Terraform takes 0.0.0 for no version at all.
		f.version = cmp.Or(o.version, "0.0.1")
		if err := build(ctx, c, source, folder, f.version, f.platforms, progress); err != nil {
			return err
		}
	} else if err := f.complete(source); err != nil {
		return err
	}
	keys, own, err := f.keys(o.key)
	if err != nil {
		return err
	}
	problems := f.refusals(keys)
	if o.read != "" && own {
		// What GoReleaser has not signed has no other checksums either.
		problems = f.inspect(keys)
	}
	if problems != nil {
		return fmt.Errorf("a registry would refuse the release in %s:\n%w", f.dir, problems)
	}
	_, _ = fmt.Fprintf(progress, "%s: names, archives, manifest, checksums and signature are what the registries want\n", f.dir)
	return f.tryInstallers(ctx, keys[0], progress)
}

// complete takes the version from the list of checksums, and the manifest from
// where GoReleaser finds it: it uploads the file without making a copy.
func (f *files) complete(source string) error {
	provider, err := f.program("provider")
	if err != nil {
		return err
	}
	f.platforms = provider.platforms()
	if f.version == "" {
		pattern, err := f.sumsName("*")
		if err != nil {
			return err
		}
		found, err := filepath.Glob(filepath.Join(f.dir, pattern))
		if err != nil || len(found) != 1 {
			return fmt.Errorf("%s holds %d lists of checksums, so it is unclear which release to read; give its number with -version", f.dir, len(found))
		}
		before, after, _ := strings.Cut(pattern, "*")
		f.version = strings.TrimSuffix(strings.TrimPrefix(filepath.Base(found[0]), before), after)
	}
	manifestSource, manifest, err := f.manifest(f.version)
	if err != nil || f.has(manifest) {
		return err
	}
	return tfrun.CopyFile(filepath.Join(source, manifestSource), filepath.Join(f.dir, manifest), 0o644)
}

// keys are those that have to have signed the release. Without a file of them the
// release gets signed with a key of its own.
func (f *files) keys(file string) (keys openpgp.EntityList, own bool, err error) {
	if file != "" {
		keys, err = readKey(file)
		return keys, false, err
	}
	key, err := throwAwayKey()
	if err != nil {
		return nil, true, err
	}
	sums, err := f.sumsName(f.version)
	if err != nil {
		return nil, true, err
	}
	return openpgp.EntityList{key}, true, sign(key, filepath.Join(f.dir, sums))
}

// tryInstallers has each program at hand install the release in each way.
func (f *files) tryInstallers(ctx context.Context, key *openpgp.Entity, progress io.Writer) error {
	public, err := armored(key)
	if err != nil {
		return err
	}
	r := &registry{files: *f, publicKey: public, keyID: key.PrimaryKey.KeyIdString()}
	if err := r.serve(ctx); err != nil {
		return err
	}
	found, left := installers()
	for _, reason := range left {
		_, _ = fmt.Fprintln(progress, reason)
	}
	for _, one := range found {
		ways := r.ways(one.host)
		for _, way := range slices.Sorted(maps.Keys(ways)) {
			if err := r.install(ctx, one, ways[way]); err != nil {
				return fmt.Errorf("%s cannot install the release from %s: %w", one.name, way, err)
			}
			_, _ = fmt.Fprintf(progress, "%s installed %s from %s and started it\n", one.name, f.version, way)
		}
	}
	return nil
}
