package connect

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

// The forms of an import id.
const (
	// importByName looks the connect up by its unique name.
	importByName = "name/"
	// importBare leaves trigger, actions and switch out, for the form of four resources.
	importBare = "bare/"
)

// ImportState takes an id, name/NAME, bare/ID, bare/name/NAME, or the identity.
func (r *connectResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	wanted := req.ID
	if wanted == "" && req.Identity != nil {
		var id types.String
		resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, path.Root("id"), &id)...)
		wanted = id.ValueString()
	}
	connect, ok := r.imported(ctx, wanted, &resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}

	model := newlyFound(connect)
	if !strings.HasPrefix(wanted, importBare) {
		model.stepsFromAPI(connect, &resp.Diagnostics)
	}
	tfkit.WritePrivate(ctx, resp.Private, tfkit.Private{Imported: true}, &resp.Diagnostics)
	tfkit.Answer{State: &resp.State, Identity: resp.Identity, Diags: &resp.Diagnostics}.Publish(ctx, &model)
}

// newlyFound is a connect of the service that no configuration says anything
// about yet: everything that has a default has it, and no step is managed.
func newlyFound(connect *connectapi.Connect) connectModel {
	model := nothingManaged(connectModel{Timeouts: types.MapNull(types.StringType)})
	model.RunTest = types.BoolValue(false)
	model.PauseDuringUpdate = types.BoolValue(true)
	model.DeletionPolicy = types.StringValue(deletionDelete)
	model.fromAPI(connect, shown{}, tfkit.Pending{})
	return model
}

func (r *connectResource) imported(ctx context.Context, wanted string, diags *diag.Diagnostics) (*connectapi.Connect, bool) {
	id := strings.TrimPrefix(wanted, importBare)
	if name, ok := strings.CutPrefix(id, importByName); ok && name != "" {
		return r.importedByName(ctx, name, diags)
	}
	if !tfkit.ValidID(id) {
		tfkit.Error(diags, errcode.MalformedImportID,
			fmt.Sprintf("%q is not an id of a connect. The form is the id (letters, digits, - and _ only), or name/NAME for a connect whose name is unique. Put bare/ before either to leave trigger, actions and switch to other resources.", wanted))
		return nil, false
	}
	connect, err := r.Provider.Client.Connect(ctx, id)
	if err != nil {
		tfkit.AddError(diags, "Cannot import the connect "+id, err)
		return nil, false
	}
	return connect, true
}

func (r *connectResource) importedByName(ctx context.Context, name string, diags *diag.Diagnostics) (*connectapi.Connect, bool) {
	var found []connectapi.Connect
	connects, err := r.Provider.Client.Connects(ctx)
	if err != nil {
		tfkit.AddError(diags, "Cannot list the connects", err)
		return nil, false
	}
	for _, connect := range connects {
		if connect.Name == name {
			found = append(found, connect)
		}
	}
	if len(found) == 1 {
		connect, err := r.Provider.Client.Whole(ctx, &found[0])
		if err != nil {
			tfkit.AddError(diags, "Cannot import the connect "+found[0].ID, err)
		}
		return connect, err == nil
	}
	if len(found) == 0 {
		tfkit.Error(diags, errcode.NameUnknown, fmt.Sprintf("No connect is named %q. Names are compared exactly.", name))
		return nil, false
	}

	ids := make([]string, len(found))
	for i, connect := range found {
		ids[i] = connect.ID
	}
	tfkit.Error(diags, errcode.NameNotUnique, fmt.Sprintf("%d connects are named %q: %s.", len(found), name, strings.Join(ids, ", ")))
	return nil, false
}
