package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/tfrun"
)

// The phases of a scale, in their order.
const (
	phaseApply   = "apply"
	phasePlan    = "plan"
	phaseChange  = "change"
	phaseDestroy = "destroy"
)

func phases() []string { return []string{phaseApply, phasePlan, phaseChange, phaseDestroy} }

// arguments are the command of a phase. Parallelism is Terraform's default.
func arguments(phase string) []string {
	args := map[string][]string{
		phaseApply:   {"apply", "-auto-approve"},
		phasePlan:    {"plan", "-detailed-exitcode"},
		phaseChange:  {"apply", "-auto-approve", "-var=minute=30"},
		phaseDestroy: {"destroy", "-auto-approve", "-var=minute=30"},
	}[phase]
	return append(args, "-input=false", "-no-color")
}

// usage is what processes used.
type usage struct {
	cpu time.Duration
	// peak is the largest resident set of one process in bytes; 0 is unknown.
	peak int64
}

// measurement is what a phase cost.
type measurement struct {
	wall                time.Duration
	provider, terraform usage
	// processes is how many provider processes there were.
	processes int
	traffic   traffic
	// state is how many bytes the state has when the phase is over.
	state int64
}

// measure runs a phase. A command that fails, or a plan with changes, is an
// error: what is measured has to be right.
func (s *site) measure(ctx context.Context, phase string) (measurement, error) {
	used, err := os.MkdirTemp(s.usage, phase+"-")
	if err != nil {
		return measurement{}, fmt.Errorf("make a folder for what is used: %w", err)
	}
	seen, err := s.watch(ctx)
	if err != nil {
		return measurement{}, err
	}
	cmd := s.tf.Command(ctx, arguments(phase)...)
	cmd.Env = append(cmd.Env, "USAGE_DIR="+used)
	if s.profiles != "" {
		dir := s.profiles + "-" + phase
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return measurement{}, err
		}
		cmd.Env = append(cmd.Env, "PROFILE_DIR="+dir)
	}
	started := time.Now()
	process, err := tfrun.Start(cmd)
	if err != nil {
		return measurement{}, err
	}
	peak := watchPeak(process)
	result := measurement{wall: time.Since(started)}
	tfrun.KillGroup(cmd)
	if err := ctx.Err(); err != nil {
		return measurement{}, fmt.Errorf("%s: %w", tfrun.Describe(cmd), err)
	}
	if !cmd.ProcessState.Success() {
		return measurement{}, &tfrun.Error{Command: tfrun.Describe(cmd), Reason: cmd.ProcessState.String(), Output: process.Output()}
	}
	if result.traffic, err = seen(); err != nil {
		return measurement{}, err
	}
	if err := result.readUsage(used); err != nil {
		return measurement{}, err
	}
	info, err := os.Stat(filepath.Join(s.tf.Dir, "terraform.tfstate"))
	if err != nil {
		return measurement{}, fmt.Errorf("measure the state: %w", err)
	}
	result.state = info.Size()
	// A process accounts for the children that it waited for.
	result.terraform = usage{cpu: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime() - result.provider.cpu, peak: peak}
	return result, nil
}

// sampleInterval is how often the memory of a process is looked at. The kernel
// keeps the peak, so only what comes after the last look is missed.
const sampleInterval = 10 * time.Millisecond

// watchPeak waits for the end of a process and returns its largest resident set.
// What the kernel tells at the end cannot be used: it counts the children too.
func watchPeak(process *tfrun.Process) int64 {
	ticker := time.NewTicker(sampleInterval)
	defer ticker.Stop()
	var peak int64
	for {
		select {
		case <-process.Done:
			return peak
		case <-ticker.C:
			peak = max(peak, residentPeak(process.Cmd.Process.Pid))
		}
	}
}

// residentPeak is 0 where there is no such file.
func residentPeak(pid int) int64 {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(content), "VmHWM:")
	line, _, _ := strings.Cut(rest, "kB")
	kilobytes, err := strconv.ParseInt(strings.TrimSpace(line), 10, 64)
	if err != nil {
		return 0
	}
	return kilobytes << 10
}

// readUsage adds up what the launchers wrote down in a folder.
func (m *measurement) readUsage(dir string) error {
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return fmt.Errorf("find the usage of the provider: %w", err)
	}
	for _, file := range files {
		content, err := os.ReadFile(filepath.Clean(file))
		if err != nil {
			return fmt.Errorf("read the usage of the provider: %w", err)
		}
		var one struct {
			CPU  time.Duration `json:"cpu_ns"`
			Peak int64         `json:"peak_bytes"`
		}
		if err := json.Unmarshal(content, &one); err != nil {
			return fmt.Errorf("read the usage of the provider: %w", err)
		}
		m.provider.cpu += one.CPU
		m.provider.peak = max(m.provider.peak, one.Peak)
		m.processes++
	}
	return nil
}

// round measures phases of a scale once, each phase with all subjects before the
// next, so that what disturbs the machine disturbs all.
func (b *bench) round(ctx context.Context, number int, size scale, wanted []string, found results) error {
	subjects := b.subjects()
	// Who goes first has the colder caches, so they take turns.
	first := number % len(subjects)
	var sites []*site
	defer func() { closeAll(sites) }()
	for _, who := range slices.Concat(subjects[first:], subjects[:first]) {
		s, err := b.open(ctx, fmt.Sprintf("%s-%s-%d", who.name, size, number), who, size, b.latency)
		if err != nil {
			return err
		}
		sites = append(sites, s)
	}
	for _, phase := range wanted {
		for _, s := range sites {
			m, err := s.measure(ctx, phase)
			if err != nil {
				return fmt.Errorf("%s provider, %s connects, %s: %w", s.subject.name, size, phase, err)
			}
			b.say("%s, %s connects, %s: %.2f s", s.subject.name, size, phase, m.wall.Seconds())
			found.add(cell{size, phase}, s.subject.name, m)
		}
	}
	return nil
}

// needed are the phases up to the last that is wanted: each builds on the ones
// before it. Only a plan can be left out.
func (b *bench) needed() []string {
	var needed []string
	for i, phase := range phases() {
		later := slices.ContainsFunc(phases()[i:], b.has)
		if b.has(phase) || later && phase != phasePlan {
			needed = append(needed, phase)
		}
	}
	return needed
}
