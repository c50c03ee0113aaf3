// Command launcher stands where Terraform expects the provider, runs the program
// "provider" beside itself in the same pipes, and writes down what it used.
// Terraform waits for its plugins itself, so nobody else could tell a provider's
// share from Terraform's.
package main

import (
	"encoding/json"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
)

func main() {
	self, err := os.Executable()
	if err != nil {
		log.Fatal(err)
	}
	cmd := exec.Command(filepath.Join(filepath.Dir(self), "provider"), os.Args[1:]...) //nolint:gosec,noctx // Terraform decides when it ends.
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Run(); cmd.ProcessState == nil {
		log.Fatal(err)
	}
	state := cmd.ProcessState
	content, err := json.Marshal(map[string]int64{
		"cpu_ns":     int64(state.UserTime() + state.SystemTime()),
		"peak_bytes": peakBytes(state),
	})
	if err != nil {
		log.Fatal(err)
	}
	file := filepath.Join(os.Getenv("USAGE_DIR"), strconv.Itoa(os.Getpid())+".json")
	if err := os.WriteFile(file, content, 0o600); err != nil { //nolint:gosec // the folder is the caller's.
		log.Fatal(err)
	}
	os.Exit(state.ExitCode())
}
