package floor

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"

	"github.com/appypie-community/terraform-provider-appypie/internal/provider/connect"
)

// GroupIdentity is the group that is no attribute.
const GroupIdentity = "identity"

// Group is a group of attributes that can be left out of the schema.
type Group struct {
	Name string
	// attributes are those of the resource, stepAttributes those of trigger and
	// actions.
	attributes, stepAttributes []string
}

// Groups returns the groups whose cost is worth knowing. What is in none of them
// is what a connect is made of.
func Groups() []Group {
	return []Group{
		{Name: "secrets", attributes: []string{"secrets_wo_version"}, stepAttributes: []string{"secrets_wo"}},
		{Name: "timeouts", attributes: []string{"timeouts"}},
		{Name: "policies", attributes: []string{"run_test", "pause_during_update", "deletion_policy"}},
		{Name: "status", attributes: []string{"status"}},
		{Name: GroupIdentity},
	}
}

// connectSchema is the schema of the real resource, so that the two cannot
// differ, less the groups.
func connectSchema(ctx context.Context, without []string) schema.Schema {
	var resp resource.SchemaResponse
	connect.NewConnectResource().Schema(ctx, resource.SchemaRequest{}, &resp)
	for _, group := range Groups() {
		if !slices.Contains(without, group.Name) {
			continue
		}
		for _, name := range group.attributes {
			delete(resp.Schema.Attributes, name)
		}
		for _, name := range group.stepAttributes {
			if trigger, ok := resp.Schema.Attributes["trigger"].(schema.SingleNestedAttribute); ok {
				delete(trigger.Attributes, name)
			}
			if actions, ok := resp.Schema.Attributes["actions"].(schema.ListNestedAttribute); ok {
				delete(actions.NestedObject.Attributes, name)
			}
		}
	}
	return resp.Schema
}

// identifiedResource adds the identity of the real resource.
type identifiedResource struct {
	*connectResource
}

// IdentitySchema implements resource.ResourceWithIdentity.
func (r *identifiedResource) IdentitySchema(ctx context.Context, req resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	if identified, ok := connect.NewConnectResource().(resource.ResourceWithIdentity); ok {
		identified.IdentitySchema(ctx, req, resp)
	}
}
