package tfkit

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// DefaultTimeout bounds one operation of a resource when its timeouts
// attribute says nothing. It leaves room for a test run and for retries.
const DefaultTimeout = 10 * time.Minute

// WithTimeout bounds ctx by an operation's timeout, which read takes from the
// resource's timeouts attribute.
func WithTimeout(ctx context.Context, read func(context.Context, time.Duration) (time.Duration, diag.Diagnostics), diags *diag.Diagnostics) (context.Context, context.CancelFunc) {
	timeout, timeoutDiags := read(ctx, DefaultTimeout)
	diags.Append(timeoutDiags...)

	return context.WithTimeout(ctx, timeout)
}

// WarnGone tells that an object left the service, and what happens next.
func WarnGone(diags *diag.Diagnostics, kind, id string) {
	diags.AddWarning(fmt.Sprintf("The %s is gone", kind),
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
