package steps

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

type stepModel struct {
	Step

	kind      connectapi.EventKind
	ConnectID types.String
	// Position is null for the trigger, which has no such attribute, and for the
	// only action of a connect.
	Position          types.Int64
	PauseDuringUpdate types.Bool
	Revision          types.String
	Timeouts          types.Map
}

// Fields implements tfkit.Model.
func (m *stepModel) Fields() tfkit.Fields {
	fields := tfkit.Fields{
		"connect_id":          tfkit.At(&m.ConnectID, types.StringType),
		"account_id":          tfkit.At(&m.AccountID, types.StringType),
		"options":             tfkit.At(&m.Options, tfkit.StringMap()),
		"secrets_wo":          tfkit.At(&m.SecretsWO, tfkit.StringMap()),
		"secrets_wo_version":  tfkit.At(&m.SecretsVersion, types.Int64Type),
		"pause_during_update": tfkit.At(&m.PauseDuringUpdate, types.BoolType),
		"revision":            tfkit.At(&m.Revision, types.StringType),
		"timeouts":            tfkit.At(&m.Timeouts, tfkit.StringMap()),
	}
	if m.kind == connectapi.ActionEvent {
		fields["position"] = tfkit.At(&m.Position, types.Int64Type)
	}
	return fields
}

// Identity implements tfkit.Model.
func (m *stepModel) Identity() map[string]attr.Value {
	identity := map[string]attr.Value{"connect_id": m.ConnectID}
	if m.kind == connectapi.ActionEvent {
		identity["position"] = m.Position
	}
	return identity
}

// position counts the actions from 1; without a position the only one is meant.
func (m *stepModel) position() int { return max(1, int(m.Position.ValueInt64())) }

// nullModel is the state before creation.
func nullModel(plan stepModel) stepModel {
	plan.Step = NullStep()
	plan.Revision = types.StringNull()
	return plan
}

// operation is what a plan is turned into a change from.
type operation = tfkit.Operation[stepModel, Shown]

func (r *stepResource) operation(ctx context.Context, from tfkit.Request) (operation, bool) {
	return tfkit.ReadOperation[stepModel, Shown](ctx, from, r.read, nullModel)
}

// read reads a configuration, a plan or a state.
func (r *stepResource) read(ctx context.Context, object tftypes.Value, diags *diag.Diagnostics) stepModel {
	model := stepModel{kind: r.kind}
	model.Fields().Read(ctx, object, diags)
	return model
}
