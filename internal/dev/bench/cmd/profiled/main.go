// Command profiled serves the real provider and writes a CPU and an allocation
// profile of each process into the folder that PROFILE_DIR names.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"runtime/pprof"
	"strconv"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/bench/serve"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider"
)

func main() {
	if err := run(os.Getenv("PROFILE_DIR")); err != nil {
		log.Fatal(err)
	}
}

func run(dir string) (err error) {
	cpu, err := create(dir, "cpu")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, cpu.Close()) }()
	if err := pprof.StartCPUProfile(cpu); err != nil {
		return fmt.Errorf("start the CPU profile: %w", err)
	}
	// Terraform asks a provider to end before it kills it, so there is time for
	// the profiles.
	err = serve.Provider(context.Background(), provider.New("bench"))
	pprof.StopCPUProfile()
	allocations, createErr := create(dir, "allocs")
	if createErr != nil {
		return errors.Join(err, createErr)
	}
	return errors.Join(err, pprof.Lookup("allocs").WriteTo(allocations, 0), allocations.Close())
}

func create(dir, kind string) (*os.File, error) {
	file, err := os.Create(filepath.Join(dir, kind+"-"+strconv.Itoa(os.Getpid())+".pprof")) //nolint:gosec // the folder is the caller's.
	if err != nil {
		return nil, fmt.Errorf("create a profile: %w", err)
	}
	return file, nil
}
