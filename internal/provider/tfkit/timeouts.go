package tfkit

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
)

// DefaultTimeout bounds one operation of a resource when its timeouts
// attribute says nothing. It leaves room for a test run and for retries.
const DefaultTimeout = 10 * time.Minute

// longestTimeout is more than anybody waits.
const longestTimeout = 24 * time.Hour

// Timeouts is the timeouts attribute of a resource. Its descriptions say what
// each operation takes in and how long it may last when nothing is set.
func Timeouts(ctx context.Context, opts timeouts.Opts) schema.Attribute {
	unlessSet := " Default `" + strings.TrimSuffix(DefaultTimeout.String(), "0s") + "`."
	opts.CreateDescription = "Longest time for the first write with all that belongs to it, the test and its waits included." + unlessSet
	opts.ReadDescription = "Longest time for reading the resource in a refresh." + unlessSet
	opts.UpdateDescription = "Longest time for a change with all that belongs to it, the test and its waits included." + unlessSet
	opts.DeleteDescription = "Longest time for destroying the resource. It counts from the state: apply a new value before you destroy." + unlessSet

	attribute := timeouts.Attributes(ctx, opts)
	if nested, ok := attribute.(schema.SingleNestedAttribute); ok {
		for name, one := range nested.Attributes {
			if text, ok := one.(schema.StringAttribute); ok {
				text.Validators = []validator.String{DurationValidator(longestTimeout)}
				nested.Attributes[name] = text
			}
		}
		nested.MarkdownDescription = "How long each operation may take, as numbers with a unit: `90s`, `15m`, `1h30m`."
		return nested
	}
	return attribute
}

// WithTimeout bounds ctx by an operation's timeout, which read takes from the
// resource's timeouts attribute.
func WithTimeout(ctx context.Context, read func(context.Context, time.Duration) (time.Duration, diag.Diagnostics), diags *diag.Diagnostics) (context.Context, context.CancelFunc) {
	timeout, timeoutDiags := read(ctx, DefaultTimeout)
	diags.Append(timeoutDiags...)
	return context.WithTimeout(ctx, timeout)
}

// WarnGone tells that an object left the service, and what happens next.
func WarnGone(diags *diag.Diagnostics, kind, id string) {
	Warning(diags, errcode.Gone, fmt.Sprintf("The %s is gone", kind),
		fmt.Sprintf("The service no longer has the %s %s, so it was removed from the state. The next apply makes it again if the configuration still wants it.", kind, id))
}

// NullTimeouts is the timeouts attribute of an import: nothing is set.
// operations are those that the resource's timeouts attribute offers.
func NullTimeouts(operations ...string) timeouts.Value {
	attributes := make(map[string]attr.Type, len(operations))
	for _, operation := range operations {
		attributes[operation] = types.StringType
	}
	return timeouts.Value{Object: types.ObjectNull(attributes)}
}
