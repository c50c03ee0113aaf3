package tfkit

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
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

// The operations that a timeouts attribute bounds.
const (
	TimeoutCreate = "create"
	TimeoutRead   = "read"
	TimeoutUpdate = "update"
	TimeoutDelete = "delete"
)

// Timeouts is the timeouts attribute of a resource, for the operations it has. It
// is written as everywhere, and is a map: of a nested attribute Terraform and the
// framework walk each part in every object, which costs a plan 13 to 19 %.
func Timeouts(operations ...string) schema.Attribute {
	meaning := map[string]string{
		TimeoutCreate: "the first write, including the test and all waits",
		TimeoutRead:   "reading the resource in a refresh",
		TimeoutUpdate: "a change, including the test and all waits",
		TimeoutDelete: "destroying the resource, as the state has it: apply a new value before you destroy",
	}
	parts := make([]string, len(operations))
	for i, operation := range operations {
		parts[i] = fmt.Sprintf("%#q (%s)", operation, meaning[operation])
	}
	return schema.MapAttribute{
		MarkdownDescription: fmt.Sprintf("How long an operation may take, as numbers with a unit: `90s`, `15m`, `1h30m`. The keys are %s. Each defaults to %#q.",
			strings.Join(parts, ", "), strings.TrimSuffix(DefaultTimeout.String(), "0s")),
		ElementType: types.StringType,
		Optional:    true,
		Validators: []validator.Map{
			mapvalidator.KeysAre(stringvalidator.OneOf(operations...)),
			mapvalidator.ValueStringsAre(DurationValidator(longestTimeout)),
		},
	}
}

// WithTimeout bounds ctx by an operation's timeout.
func WithTimeout(ctx context.Context, timeouts types.Map, operation string, diags *diag.Diagnostics) (context.Context, context.CancelFunc) {
	timeout := DefaultTimeout
	if text, ok := timeouts.Elements()[operation].(types.String); ok && !text.IsNull() {
		parsed, err := time.ParseDuration(text.ValueString())
		if err != nil {
			AttributeError(diags, errcode.InvalidDuration, path.Root("timeouts").AtMapKey(operation), Sentence(err))
		} else {
			timeout = parsed
		}
	}
	return context.WithTimeout(ctx, timeout)
}

// WarnGone tells that an object left the service, and what happens next.
func WarnGone(diags *diag.Diagnostics, kind, id string) {
	Warning(diags, errcode.Gone,
		fmt.Sprintf("The service no longer has the %s %s, so it was removed from the state.", kind, id))
}
