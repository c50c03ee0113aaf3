// Command provider serves the floor provider where FLOOR_WITHOUT is set, without
// the groups of attributes that it names, separated by blanks. Else it serves the
// real provider and writes a CPU and an allocation profile of each process into the
// folder that PROFILE_DIR names.
package main

import (
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"runtime/pprof"
	"strings"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/bench/floor"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider"
)

func main() {
	var err error
	if without, ok := os.LookupEnv("FLOOR_WITHOUT"); ok {
		err = provider.Serve(floor.New(strings.Fields(without)...), false)
	} else {
		err = profile(os.Getenv("PROFILE_DIR"))
	}
	if err != nil {
		log.Fatal(err)
	}
}

func profile(dir string) error {
	var files [2]*os.File
	for i, kind := range []string{"cpu", "allocs"} {
		var err error
		files[i], err = os.Create(filepath.Join(dir, fmt.Sprintf("%s-%d.pprof", kind, os.Getpid()))) //nolint:gosec // the folder is the caller's.
		if err != nil {
			return fmt.Errorf("create a profile: %w", err)
		}
	}
	if err := pprof.StartCPUProfile(files[0]); err != nil {
		return fmt.Errorf("start the CPU profile: %w", err)
	}
	// Terraform asks a provider to end before it kills it, so there is time for
	// the profiles.
	err := provider.Serve(provider.New("bench"), false)
	pprof.StopCPUProfile()
	return errors.Join(err, pprof.Lookup("allocs").WriteTo(files[1], 0), files[0].Close(), files[1].Close())
}
