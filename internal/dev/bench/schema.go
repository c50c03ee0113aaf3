package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/bench/floor"
)

// schemaRounds is how often each variant of the schema is planned at least.
const schemaRounds = 5

// Variants of the schema beside those without one group.
const (
	variantWhole = "whole schema"
	variantBare  = "without all of these"
)

// variants are the schemas to compare, in the order of the table: name and the
// groups that are left out.
func variants() [][2]string {
	list := [][2]string{{variantWhole, ""}}
	var all []string
	for _, group := range floor.Groups() {
		list = append(list, [2]string{group.Name, group.Name})
		all = append(all, group.Name)
	}
	return append(list, [2]string{variantBare, strings.Join(all, " ")})
}

// schemaCosts plans the same connects with the floor provider whose schema lacks
// one group after the other. The service answers at once: only CPU time counts.
func (b *bench) schemaCosts(ctx context.Context) (map[string][]measurement, error) {
	found, size := map[string][]measurement{}, scale{connects: b.schema}
	var sites []*site
	defer func() { closeAll(sites) }()
	for i, variant := range variants() {
		b.say("schema, %s: preparing %s connects", variant[0], size)
		s, err := b.open(ctx, fmt.Sprintf("schema-%d", i), b.floor(variant[1]), size, 0)
		if err != nil {
			return nil, err
		}
		sites = append(sites, s)
		if _, err := s.measure(ctx, phaseApply); err != nil {
			return nil, fmt.Errorf("%s: %w", variant[0], err)
		}
	}
	for range max(schemaRounds, b.count) {
		for i, s := range sites {
			m, err := s.measure(ctx, phasePlan)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", variants()[i][0], err)
			}
			found[variants()[i][0]] = append(found[variants()[i][0]], m)
		}
	}
	b.say("schema: planned %d variants", len(sites))
	return found, nil
}

func (b *bench) writeSchema(ctx context.Context, out io.Writer) error {
	found, err := b.schemaCosts(ctx)
	if err != nil {
		return err
	}
	of := func(variant string, number func(measurement) time.Duration) time.Duration {
		return middle(found[variant], number)
	}
	terraform := func(m measurement) time.Duration { return m.terraform.cpu }
	provider := func(m measurement) time.Duration { return m.provider.cpu }
	rows := []string{row("left out", "CPU of Terraform, s", "saved", "CPU of the provider, s", "saved")}
	for _, variant := range variants() {
		saved := func(number func(measurement) time.Duration) string {
			whole := of(variantWhole, number)
			return fmt.Sprintf("%.0f %%", 100*float64(whole-of(variant[0], number))/float64(whole))
		}
		name := variant[0]
		if name == variantWhole {
			name = "nothing"
		}
		rows = append(rows, row(name, seconds(int64(of(variant[0], terraform))), saved(terraform), seconds(int64(of(variant[0], provider))), saved(provider)))
	}
	table(out, fmt.Sprintf("An empty plan of %d connects with the floor provider, without parts of the schema; medians of %d",
		b.schema, max(schemaRounds, b.count)), tabwriter.AlignRight, rows...)
	return nil
}
