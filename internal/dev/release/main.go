// Command release builds what a release holds, without releasing it: archives of
// the provider and the companion command in the layout of the registries, the
// manifest, and the checksums. The same source, version and Go give the same
// bytes. It neither signs nor uploads; .goreleaser.yml does.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/tfrun"
)

// folder is that of the release; what it held is removed.
const folder = "dist"

func main() {
	version := flag.String("version", "", "number of the release, without v")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := os.RemoveAll(folder)
	if err == nil {
		err = build(ctx, folder, *version, platforms(), os.Stdout)
	}
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

// build fills a folder with the files of a release and tells of each.
func build(ctx context.Context, out, version string, targets []platform, progress io.Writer) error {
	if err := checkVersion(version); err != nil {
		return err
	}
	source, err := tfrun.ModuleDir(ctx)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o750); err != nil {
		return fmt.Errorf("make a folder for the release: %w", err)
	}
	var names []string
	for _, target := range targets {
		for _, part := range []program{provider(), companion()} {
			name := part.archiveName(version, target)
			if err := pack(ctx, source, filepath.Join(out, name), part, version, target); err != nil {
				return err
			}
			_, _ = fmt.Fprintln(progress, filepath.Join(out, name))
			names = append(names, name)
		}
	}
	manifest := manifestName(version)
	if err := tfrun.CopyFile(filepath.Join(source, manifestFile), filepath.Join(out, manifest), 0o644); err != nil {
		return err
	}
	if err := writeSums(out, sumsName(version), append(names, manifest)); err != nil {
		return err
	}
	_, _ = fmt.Fprintln(progress, filepath.Join(out, sumsName(version)))
	return nil
}

// pack builds a program for a platform and packs it with the license.
func pack(ctx context.Context, source, archive string, part program, version string, target platform) (err error) {
	dir, err := os.MkdirTemp("", "appypie-release-")
	if err != nil {
		return fmt.Errorf("make a folder to build in: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()

	binary := filepath.Join(dir, target.executable(part.binary(version)))
	compile := tfrun.Command(ctx, source, buildEnvironment(target), "go", "build", "-trimpath", "-buildvcs=false",
		"-ldflags", "-s -w -X main.version="+version, "-o", binary, part.pkg)
	if _, err := tfrun.MustCall(ctx, compile); err != nil {
		return fmt.Errorf("build %s for %s: %w", part.pkg, target, err)
	}
	return writeArchive(archive, []entry{
		{licenseFile, filepath.Join(source, licenseFile), 0o644},
		{filepath.Base(binary), binary, 0o755},
	})
}

// buildEnvironment is that of the caller but for what decides on the bytes.
// Later entries win.
func buildEnvironment(target platform) []string {
	return append(os.Environ(),
		"GOOS="+target.os, "GOARCH="+target.arch, "CGO_ENABLED=0", "GOFLAGS=", "GOEXPERIMENT=", "GOWORK=off",
		"GOAMD64=v1", "GOARM=6", "GOARM64=v8.0", "GO386=sse2",
	)
}
