package connect

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

// make creates the connect, or takes over one that an earlier run made and that
// no state holds. The record of it stays until a later run shows the id in the
// state.
func (r *connectResource) make(ctx context.Context, plan connectModel, diags *diag.Diagnostics) (connectapi.Created, bool) {
	match, name := plan.PopularMatchID.ValueString(), plan.Name.ValueString()
	for record := r.Provider.Records.Abandoned(match, name); record != nil; record = r.Provider.Records.Abandoned(match, name) {
		found, err := r.recorded(ctx, record)
		if err != nil {
			tfkit.AddError(diags, fmt.Sprintf("Cannot look for an interrupted creation of the connect %q", name), err)
			return connectapi.Created{}, false
		}
		if found == nil {
			record.Drop()
			continue
		}
		// Without the id it is looked for by its name again.
		_ = record.Made(found.ID)
		tfkit.Warning(diags, errcode.TookOverInterrupted, "Took over an interrupted creation",
			fmt.Sprintf("An earlier apply in this working directory made the connect %s (%q), and no state holds it. It is finished now instead of making a second one.", found.ID, name))
		return connectapi.Created{ID: found.ID, Connect: found, Found: true}, true
	}
	record, err := r.Provider.Records.Begin(match, name)
	if err != nil {
		tfkit.Warning(diags, errcode.CreationNotRecorded, "Creation is not recorded",
			fmt.Sprintf("If Terraform is killed before this apply ends, the connect %q may be created a second time: %s. Make the data folder of the working directory (.terraform) writable.", name, err))
	}
	created, err := r.Provider.Client.CreateConnect(ctx, match, name)
	if err != nil {
		tfkit.AddError(diags, fmt.Sprintf("Cannot create the connect %q", name), err)
		// A later creation finds out what became of this one.
		if !connectapi.OutcomeUnknown(err) {
			record.Drop()
		}
		return created, false
	}
	// Without the id it is looked for by its name.
	_ = record.Made(created.ID)
	if created.Found {
		tfkit.Warning(diags, errcode.TookOverUnanswered, "Took over a new connect",
			fmt.Sprintf("The answer to the creation of %q was lost. The service shows exactly one new connect of that popular match and name, %s, so it is taken for the one that was created.", name, created.ID))
	}
	return created, true
}

// recorded returns the connect of a record, or nil when there is none.
func (r *connectResource) recorded(ctx context.Context, record *tfkit.Record) (*connectapi.Connect, error) {
	if !tfkit.ValidID(record.ConnectID) {
		return r.Provider.Client.FindInterrupted(ctx, record.PopularMatchID, record.Name, record.BegunAt)
	}
	connect, err := r.Provider.Client.Connect(ctx, record.ConnectID)
	if connectapi.IsNotFound(err) {
		return nil, nil //nolint:nilnil // it was deleted meanwhile, so there is nothing to finish.
	}
	return connect, err
}

// warnOfNamesakes tells a plan that creates a connect of others of its popular
// match and name, which this configuration does not manage: it may be one that
// was meant to be imported.
func (r *connectResource) warnOfNamesakes(ctx context.Context, plan connectModel, diags *diag.Diagnostics) {
	match, name := plan.PopularMatchID, plan.Name
	if match.IsUnknown() || name.IsUnknown() {
		return
	}
	namesakes, err := r.Provider.Client.Namesakes(ctx, match.ValueString(), name.ValueString())
	if err != nil {
		// The creation itself will say so.
		return
	}
	var ids, lines []string
	for _, connect := range namesakes {
		if !r.Provider.Records.Knows(connect.ID) {
			ids = append(ids, connect.ID)
			lines = append(lines, "terraform import ADDRESS "+connect.ID)
		}
	}
	if len(ids) > 0 {
		tfkit.Warning(diags, errcode.SameNameExists, "A connect of this name exists already",
			fmt.Sprintf("The plan creates the connect %q, and the service already has one of that popular match and name: %s. If it is meant, import it instead of creating another one: %s. If another resource or person owns it, nothing is wrong.",
				name.ValueString(), strings.Join(ids, ", "), strings.Join(lines, ", or ")))
	}
}
