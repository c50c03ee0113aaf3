// Command launcher stands where Terraform expects the provider, runs the program
// "provider" beside itself in the same pipes, and writes down what it used.
// Terraform waits for its plugins itself, so nobody else could tell a provider's
// share from Terraform's.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"
)

func main() {
	code, err := run(os.Getenv("USAGE_DIR"))
	if err != nil {
		log.Fatal(err)
	}
	os.Exit(code)
}

func run(dir string) (int, error) {
	self, err := os.Executable()
	if err != nil {
		return 0, fmt.Errorf("find the folder of the program: %w", err)
	}
	cmd := exec.Command(filepath.Join(filepath.Dir(self), "provider"), os.Args[1:]...) //nolint:gosec,noctx // Terraform decides when it ends.
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	err = cmd.Run()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		return 0, fmt.Errorf("run the provider: %w", err)
	}
	state := cmd.ProcessState
	content, err := json.Marshal(map[string]int64{
		"cpu_ns":     int64((state.UserTime() + state.SystemTime()) / time.Nanosecond),
		"peak_bytes": peakBytes(state),
	})
	if err != nil {
		return 0, fmt.Errorf("encode the usage: %w", err)
	}
	file := filepath.Join(dir, strconv.Itoa(os.Getpid())+".json")
	if err := os.WriteFile(file, content, 0o600); err != nil { //nolint:gosec // the folder is the caller's.
		return 0, fmt.Errorf("write the usage: %w", err)
	}
	return state.ExitCode(), nil
}
