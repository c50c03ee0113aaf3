package tfkit

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
)

// durationValidator accepts durations from one second to a maximum.
type durationValidator struct{ longest time.Duration }

// DurationValidator accepts texts such as 90s or 10m, from one second to the
// longest duration.
func DurationValidator(longest time.Duration) validator.String {
	return durationValidator{longest: longest}
}

// Description implements validator.String.
func (v durationValidator) Description(context.Context) string {
	return fmt.Sprintf("must be a duration from 1s to %s, such as 90s or 10m", v.longest)
}

// MarkdownDescription implements validator.String.
func (v durationValidator) MarkdownDescription(ctx context.Context) string {
	return v.Description(ctx)
}

// ValidateString implements validator.String.
func (v durationValidator) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if wanted, err := time.ParseDuration(req.ConfigValue.ValueString()); err != nil || wanted < time.Second || wanted > v.longest {
		AttributeError(&resp.Diagnostics, errcode.InvalidDuration, req.Path,
			fmt.Sprintf("The value is %q; it %s.", req.ConfigValue.ValueString(), v.Description(ctx)))
	}
}
