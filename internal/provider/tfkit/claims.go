package tfkit

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
)

// Terraform gives providers no addresses, and plans a resource more than once:
// twice where it is replaced, and again before it is applied. So that a resource
// never conflicts with itself, claims of the same type with the same
// configuration count as one: within a phase of a run, which is what a
// configured provider lives for, the configuration of a resource is always the
// same. Two resources that say the same are not told apart, but they do not
// disagree either.

// The parts of a connect that are managed in one place only.
const (
	TriggerPart = "trigger"
	SwitchPart  = "switch"
)

// ActionPart is the part of the action at a position, from 1.
func ActionPart(position int) string { return "action " + strconv.Itoa(position) }

// Claims remembers which part of which connect the resources of a phase manage.
// The zero value is ready for use.
type Claims struct {
	mu sync.Mutex
	// inline holds, by connect and part, where appypie_connect manages it.
	inline map[string]inlineClaim
	others []Claim
}

type inlineClaim struct {
	parts  map[string]path.Path
	config tftypes.Value
}

// Claim is that a resource of its own manages a part of a connect.
type Claim struct {
	// TypeName is the resource type, such as appypie_trigger_options.
	TypeName        string
	ConnectID, Part string
	// Config is the whole configuration of the resource.
	Config tftypes.Value
}

func (c Claim) same(other Claim) bool {
	return c.TypeName == other.TypeName && c.Config.Equal(other.Config)
}

// ClaimInline has the resource appypie_connect with this configuration manage
// these parts of a connect and no others. What a resource of its own manages
// already is an error, and so is another appypie_connect that holds the connect.
func (c *Claims) ClaimInline(connectID string, parts map[string]path.Path, config tftypes.Value) diag.Diagnostics {
	c.mu.Lock()
	defer c.mu.Unlock()
	if held, ok := c.inline[connectID]; ok && !held.config.Equal(config) {
		return diag.Diagnostics{AttributeErrorDiagnostic(errcode.ManagedTwice, path.Root("id"),
			fmt.Sprintf("Two appypie_connect hold the connect %s: one is named %s, another %s. Each apply of one would undo the other.", connectID, nameIn(held.config), nameIn(config)))}
	}
	var diags diag.Diagnostics
	mine := make(map[string]path.Path, len(parts))

	for _, part := range slices.Sorted(maps.Keys(parts)) {
		at := parts[part]
		i := slices.IndexFunc(c.others, func(o Claim) bool { return o.ConnectID == connectID && o.Part == part })
		if i < 0 {
			mine[part] = at
			continue
		}
		diags.Append(managedTwice(at, connectID, part, fmt.Sprintf("%s of an appypie_connect", at), "an "+c.others[i].TypeName))
	}
	if c.inline == nil {
		c.inline = map[string]inlineClaim{}
	}
	c.inline[connectID] = inlineClaim{parts: mine, config: config}
	return diags
}

// Claim has a resource of its own manage a part. What another resource manages
// already is an error, which points at connect_id.
func (c *Claims) Claim(claim Claim) diag.Diagnostics {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.others = slices.DeleteFunc(c.others, claim.same)
	at := path.Root("connect_id")
	if inline, ok := c.inline[claim.ConnectID].parts[claim.Part]; ok {
		return diag.Diagnostics{managedTwice(at, claim.ConnectID, claim.Part, "an "+claim.TypeName, fmt.Sprintf("%s of an appypie_connect", inline))}
	}
	i := slices.IndexFunc(c.others, func(o Claim) bool { return o.ConnectID == claim.ConnectID && o.Part == claim.Part })
	if i >= 0 {
		return diag.Diagnostics{managedTwice(at, claim.ConnectID, claim.Part, "an "+claim.TypeName, "another "+c.others[i].TypeName)}
	}
	c.others = append(c.others, claim)
	return nil
}

func managedTwice(at path.Path, connectID, part, here, there string) diag.Diagnostic {
	return AttributeErrorDiagnostic(errcode.ManagedTwice, at,
		fmt.Sprintf("The %s of connect %s is managed by %s and by %s. They would overwrite each other with every apply.", part, connectID, here, there))
}

// nameIn is the attribute name of a configuration, to tell resources apart by,
// because a provider does not know their addresses.
func nameIn(config tftypes.Value) string {
	var attributes map[string]tftypes.Value
	var name string
	if config.As(&attributes) != nil || !attributes["name"].IsKnown() || attributes["name"].As(&name) != nil {
		return "(not known yet)"
	}
	return strconv.Quote(name)
}
