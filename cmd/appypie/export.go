package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
	"github.com/appypie-community/terraform-provider-appypie/internal/tfwrite"
)

// exportFlags are the flags of export.
type exportFlags struct {
	readFlags

	all bool
	dir string
}

func newExportCommand(m machine) *cobra.Command {
	var flags exportFlags
	cmd := &cobra.Command{
		Use:   "export [CONNECT...]",
		Short: "Write existing connects as configuration",
		Long: "export writes connects as resources with import blocks: apps, popular matches and accounts by name,\n" +
			"options as they are, and no secrets. Terraform then imports the connects without changing them. export\n" +
			"changes nothing in the service. CONNECT is the id or the name of a connect; part of the name is enough\n" +
			"if only one connect matches.\n\n" +
			"Without --dir it prints the configuration. With --dir it writes a file for each category of apps, one\n" +
			"for the look-ups, and one for the provider unless the folder already configures it. It never overwrites\n" +
			"a file. Secrets become variables that may stay null until Terraform has to write their step.",
		Example: "  appypie export \"Hourly heartbeat\" > heartbeat.tf\n  appypie export --all --dir connects",
		RunE: func(cmd *cobra.Command, args []string) error {
			if flags.all == (len(args) > 0) {
				return usageNext("Name connects, as `appypie connects` lists them, or give `--all`.", "there is nothing to export")
			}
			return flags.run(cmd, m, func(l *lookup) error { return l.export(args, flags.dir) })
		},
	}
	flags.readFlags.add(cmd)
	cmd.Flags().BoolVar(&flags.all, "all", false, "export every connect")
	cmd.Flags().StringVar(&flags.dir, "dir", "", "write files into this `FOLDER`, which is created if it is missing")
	if err := cmd.MarkFlagDirname("dir"); err != nil {
		panic(err) // The flag is unknown: a fault of this program.
	}
	return explainLookup(cmd, "the configuration is written", "a connect is unknown or cannot be exported, or a file already exists")
}

// export writes the named connects, or all when none is named.
func (l *lookup) export(wanted []string, dir string) error {
	connects, err := l.toExport(wanted)
	if err != nil {
		return err
	}
	catalog, err := l.catalogOf(connects)
	if err != nil {
		return err
	}
	categories, err := l.categoriesOfApps()
	if err != nil {
		return err
	}
	target := folder{dir: dir, names: &tfwrite.Names{}}
	if err := target.read(); err != nil {
		return err
	}
	exporter, byFile := tfwrite.NewExporter(catalog, target.names), map[string][]string{}
	for _, connect := range connects {
		summary, err := l.summary(refsOf(connect))
		if err != nil {
			return err
		}
		file := "connects_" + cmp.Or(categories[connect.Trigger.AppID], "other") + ".tf"
		byFile[file] = append(byFile[file], exporter.Connect(connect, summary))
	}
	files := map[string]string{}
	for file, blocks := range byFile {
		files[file] = strings.Join(blocks, "\n")
	}
	if lookups := exporter.Lookups(); lookups != "" {
		files["lookups.tf"] = lookups
	}
	if !target.configured {
		files["provider.tf"] = l.settings.providerBlock().Blocks()
	}
	if dir == "" {
		return l.printExport(files, len(connects))
	}
	return l.writeExport(target, files, len(connects))
}

// printExport prints all files as one, the provider and the look-ups first.
func (l *lookup) printExport(files map[string]string, count int) error {
	var parts []string
	for _, name := range append([]string{"provider.tf", "lookups.tf"}, slices.Sorted(maps.Keys(files))...) {
		if files[name] != "" {
			parts = append(parts, files[name])
			delete(files, name)
		}
	}
	if _, err := l.cmd.OutOrStdout().Write(tfwrite.Format(strings.Join(parts, "\n"))); err != nil {
		return fmt.Errorf("print the configuration: %w", err)
	}
	l.next("Save it as a .tf file, then run `terraform init` and `terraform plan`: the plan imports %d and changes nothing.", count)
	return nil
}

func (l *lookup) writeExport(target folder, files map[string]string, count int) error {
	if err := target.write(files); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := say(l.cmd, "%s\n", filepath.Join(target.dir, name)); err != nil {
			return err
		}
	}
	l.next("In %s, run `terraform init` and `terraform plan`: the plan imports %d and changes nothing.", target.dir, count)
	return nil
}

// toExport returns the connects that are meant, whole. One that cannot be exported
// is an error where it was named, else it is left out with a notice.
func (l *lookup) toExport(wanted []string) ([]connectapi.Connect, error) {
	all, err := l.connects()
	if err != nil {
		return nil, err
	}
	meant := all
	if len(wanted) > 0 {
		meant = nil
	}
	for _, name := range wanted {
		connect, err := connectFinder().one(all, name)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(meant, func(known connectapi.Connect) bool { return known.ID == connect.ID }) {
			meant = append(meant, connect)
		}
	}
	var found []connectapi.Connect
	for i, connect := range meant {
		l.waiting("Reading connects: %d of %d", i+1, len(meant))
		whole, err := l.client.Whole(l, &connect)
		if err == nil && whole.PopularMatchID == "" {
			err = errcode.Errorf(errcode.NotExported, "the service does not show the popular match of the connect %s", connect.ID)
		}
		switch {
		case err == nil:
			found = append(found, *whole)
		case len(wanted) > 0 || connect.Unreadable == nil && !isNotExported(err):
			return nil, fmt.Errorf("export the connect %s: %w", connect.ID, err)
		default:
			l.progress.end()
			_, _ = fmt.Fprintf(l.cmd.ErrOrStderr(), "Left out: %v\n", err)
		}
	}
	if len(found) == 0 {
		return nil, errcode.WithNext(errcode.Errorf(errcode.NameUnclear, "there is no connect to export"), "`appypie scaffold TRIGGER-APP ACTION-APP` writes the configuration of a new one.")
	}
	return found, nil
}

func isNotExported(err error) bool {
	code, _ := errcode.Of(err)
	return code == errcode.NotExported
}

// catalogOf reads what is needed to look up by name what connects use.
func (l *lookup) catalogOf(connects []connectapi.Connect) (tfwrite.Catalog, error) {
	catalog := tfwrite.Catalog{Accounts: map[string][]connectapi.ConnectedAccount{}}
	var err error
	if catalog.Apps, err = l.apps(); err != nil {
		return catalog, err
	}
	pairs := map[[2]string]bool{}
	for i, connect := range connects {
		l.waiting("Reading what connects use: %d of %d", i+1, len(connects))
		match, err := l.client.PopularMatch(l, connect.PopularMatchID)
		if err != nil && !connectapi.IsNotFound(err) {
			return catalog, fmt.Errorf("read the popular match %s: %w", connect.PopularMatchID, err)
		}
		if err == nil && len(match.Actions) > 0 {
			pairs[[2]string{match.Trigger.AppID, match.Actions[0].AppID}] = true
		}
		for _, step := range append([]connectapi.Step{connect.Trigger}, connect.Actions...) {
			if _, read := catalog.Accounts[step.AppID]; read || step.AccountID == "" {
				continue
			}
			if catalog.Accounts[step.AppID], err = l.accountsOf(step.AppID); err != nil {
				return catalog, err
			}
		}
	}
	known := map[string]bool{}
	for pair := range pairs {
		matches, err := l.matchesOf(pair[0], pair[1])
		if err != nil {
			return catalog, err
		}
		for _, match := range matches {
			if !known[match.ID] {
				known[match.ID], catalog.Matches = true, append(catalog.Matches, match)
			}
		}
	}
	return catalog, nil
}

// categoriesOfApps are labels of the first category of each app that has one, by
// the app's id.
func (l *lookup) categoriesOfApps() (map[string]string, error) {
	names, err := l.categoryNames()
	if err != nil {
		return nil, err
	}
	labels := map[string]string{}
	for _, app := range l.listed {
		for _, id := range app.CategoryIDs {
			if label := tfwrite.Label(names[id]); label != "" {
				labels[app.ID] = label
				break
			}
		}
	}
	return labels, nil
}

// folder is where an export is written.
type folder struct {
	dir string
	// names are the labels that its files have, configured says that one of them
	// configures the provider.
	names      *tfwrite.Names
	configured bool
}

// read looks at the configuration that is in the folder.
func (f *folder) read() error {
	if f.dir == "" {
		return nil
	}
	files, err := filepath.Glob(filepath.Join(f.dir, "*.tf"))
	if err != nil {
		return fmt.Errorf("look into %s: %w", f.dir, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file) //nolint:gosec // the user names the folder.
		if err != nil {
			return fmt.Errorf("look into %s: %w", f.dir, err)
		}
		configures, err := f.names.TakeFile(file, text)
		if err != nil {
			return errcode.WithNext(errcode.Errorf(errcode.FileInTheWay, "the folder %s has configuration that cannot be read: %w", f.dir, err), "Correct the file, or use another folder.")
		}
		f.configured = f.configured || configures
	}
	return nil
}

// write writes new files, or none when one of them is in the way.
func (f *folder) write(files map[string]string) error {
	var inTheWay []string
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if _, err := os.Lstat(filepath.Join(f.dir, name)); !errors.Is(err, fs.ErrNotExist) {
			inTheWay = append(inTheWay, name)
		}
	}
	if len(inTheWay) > 0 {
		return errcode.Errorf(errcode.FileInTheWay, "%s has %s already, and nothing was written", f.dir, strings.Join(inTheWay, ", "))
	}
	if err := os.MkdirAll(f.dir, 0o750); err != nil {
		return fmt.Errorf("make the folder: %w", err)
	}
	for name, text := range files {
		if err := writeNew(filepath.Join(f.dir, name), tfwrite.Format(text)); err != nil {
			return err
		}
	}
	return nil
}

// writeNew writes a file that is not there yet.
func writeNew(path string, text []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) //nolint:gosec // configuration is for the team, and the user names the folder.
	if errors.Is(err, fs.ErrExist) {
		return errcode.Errorf(errcode.FileInTheWay, "%s was made meanwhile", path)
	}
	if err == nil {
		_, err = file.Write(text)
		err = errors.Join(err, file.Close())
	}
	if err != nil {
		return fmt.Errorf("write the configuration: %w", err)
	}
	return nil
}
