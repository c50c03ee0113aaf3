package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/tfrun"
)

// build fills a folder with the files of a release, by the configuration of
// GoReleaser, and tells of each. It neither signs nor uploads.
func build(ctx context.Context, c config, source, out, version string, targets []platform, progress io.Writer) error {
	if err := checkVersion(version); err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o750); err != nil {
		return fmt.Errorf("make a folder for the release: %w", err)
	}
	programs, err := c.programs()
	if err != nil {
		return err
	}
	var summed []string
	for _, target := range targets {
		for _, part := range programs {
			name, err := part.pack(ctx, source, out, version, target)
			if err != nil {
				return err
			}
			_, _ = fmt.Fprintln(progress, filepath.Join(out, name))
			if part.summed {
				summed = append(summed, name)
			} else if err := writeSums(out, name+sideSuffix, []string{name}); err != nil {
				return err
			}
		}
	}
	manifestSource, manifest, err := c.manifest(version)
	if err != nil {
		return err
	}
	if err := tfrun.CopyFile(filepath.Join(source, manifestSource), filepath.Join(out, manifest), 0o644); err != nil {
		return err
	}
	sums, err := c.sumsName(version)
	if err != nil {
		return err
	}
	return writeSums(out, sums, append(summed, manifest))
}

// pack builds a program for a platform, packs it with what goes with it, and
// gives the archive's name.
func (p program) pack(ctx context.Context, source, out, version string, target platform) (name string, err error) {
	if !slices.Contains(p.platforms(), target) {
		return "", fmt.Errorf("%s does not build %s for %s", configFile, p.build.ID, target)
	}
	if name, err = p.archiveName(version, target); err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("", "appypie-release-")
	if err != nil {
		return "", fmt.Errorf("make a folder to build in: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()

	binary, err := p.binary(version, target)
	if err != nil {
		return "", err
	}
	arguments := append([]string{"build"}, p.build.Flags...)
	for _, flags := range p.build.Ldflags {
		if flags, err = p.render(flags, version, target); err != nil {
			return "", err
		}
		arguments = append(arguments, "-ldflags", flags)
	}
	compile := tfrun.Command(ctx, source, p.buildEnvironment(target), "go", append(arguments, "-o", filepath.Join(dir, binary), p.build.Main)...)
	if _, err := tfrun.MustCall(ctx, compile); err != nil {
		return "", fmt.Errorf("build %s for %s: %w", p.build.ID, target, err)
	}
	var entries []entry
	for _, file := range p.files {
		entries = append(entries, entry{file, filepath.Join(source, file), 0o644})
	}
	return name, writeArchive(filepath.Join(out, name), append(entries, entry{binary, filepath.Join(dir, binary), 0o755}))
}

// buildEnvironment is that of the caller but for what decides on the bytes.
// Later entries win.
func (p program) buildEnvironment(target platform) []string {
	return append(append(os.Environ(),
		"GOOS="+target.os, "GOARCH="+target.arch, "GOFLAGS=", "GOEXPERIMENT=", "GOWORK=off",
		"GOAMD64=v1", "GOARM=6", "GOARM64=v8.0", "GO386=sse2",
	), p.build.Env...)
}
