package tfkit

import (
	"fmt"
	"strconv"
	"strings"
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

// Claims remembers which resource manages which part of which connect in a phase.
// The zero value is ready for use.
type Claims struct {
	mu     sync.Mutex
	held   map[claimed]Claim
	writes map[claimed]bool
}

// claimed is a part of a connect; an empty part is the connect as a whole.
type claimed struct{ connectID, part string }

// Claim is that a resource manages a part of a connect, or the connect as a whole.
type Claim struct {
	// TypeName is the resource type, such as appypie_trigger_options.
	TypeName        string
	ConnectID, Part string
	// At is the attribute that says so.
	At path.Path
	// Config is the whole configuration of the resource.
	Config tftypes.Value
}

// Claim has a resource manage a part. What another resource manages already is an
// error, which points at the attribute of the claim.
func (c *Claims) Claim(claim Claim) diag.Diagnostics {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held == nil {
		c.held = map[claimed]Claim{}
	}
	key := claimed{claim.ConnectID, claim.Part}
	held, taken := c.held[key]
	if taken && (held.TypeName != claim.TypeName || !held.Config.Equal(claim.Config)) {
		return diag.Diagnostics{conflict(claim, held)}
	}
	c.held[key] = claim
	return nil
}

// Planned notes whether the plan of a resource writes a part of a connect.
func (c *Claims) Planned(connectID, part string, writes bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.writes == nil {
		c.writes = map[claimed]bool{}
	}
	c.writes[claimed{connectID, part}] = writes
}

// Writes reports whether this phase writes a part of a connect, as far as it has
// planned already: known is false where no plan of that part has come yet, which may
// mean that none will.
func (c *Claims) Writes(connectID, part string) (writes, known bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	writes, known = c.writes[claimed{connectID, part}]
	return writes, known
}

func conflict(claim, held Claim) diag.Diagnostic {
	if claim.Part == "" {
		return AttributeErrorDiagnostic(errcode.ManagedTwice, claim.At,
			fmt.Sprintf("Two %s hold the connect %s: one is named %s, another %s. Each apply of one would undo the other.", claim.TypeName, claim.ConnectID, nameIn(held.Config), nameIn(claim.Config)))
	}
	there := held.String()
	if held.TypeName == claim.TypeName {
		there = strings.Replace(there, "an ", "another ", 1)
	}
	return AttributeErrorDiagnostic(errcode.ManagedTwice, claim.At,
		fmt.Sprintf("The %s of connect %s is managed by %s and by %s. They would overwrite each other with every apply.", claim.Part, claim.ConnectID, claim, there))
}

// String names the attribute where a resource holds several parts.
func (c Claim) String() string {
	if c.At.Equal(path.Root("connect_id")) {
		return "an " + c.TypeName
	}
	return fmt.Sprintf("%s of an %s", c.At, c.TypeName)
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
