package catalog_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/appypie-community/terraform-provider-appypie/internal/provider"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

func callSkeleton(t *testing.T, fields any) (any, *acctest.FunctionError) {
	t.Helper()
	driver := acctest.NewDriver(t, providerserver.NewProtocol6(provider.New("test")())())
	return driver.Call(t.Context(), "option_skeleton", fields)
}

func TestOptionSkeleton(t *testing.T) {
	t.Parallel()

	// As a data source has it.
	whole := func(key string, required bool) map[string]any {
		return map[string]any{
			"key": key, "label": "A label", "type": "String", "required": required, "help_text": nil,
			"dynamic": false, "depends_on": []any{}, "choices": []any{map[string]any{"label": "One", "value": "1"}},
		}
	}
	tests := map[string]struct {
		fields any
		want   map[string]any
	}{
		"none":               {[]any{}, map[string]any{}},
		"one of two":         {[]any{whole("email", true), whole("phone", false)}, map[string]any{"email": ""}},
		"several":            {[]any{whole("email", true), whole("list", true)}, map[string]any{"email": "", "list": ""}},
		"none required":      {[]any{whole("phone", false)}, map[string]any{}},
		"only what counts":   {[]any{map[string]any{"key": "email", "required": true}}, map[string]any{"email": ""}},
		"required left out":  {[]any{map[string]any{"key": "email"}}, map[string]any{}},
		"required is null":   {[]any{map[string]any{"key": "email", "required": nil}}, map[string]any{}},
		"required as a text": {[]any{map[string]any{"key": "email", "required": "true"}}, map[string]any{"email": ""}},
	}

	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, refused := callSkeleton(t, test.fields)
			if refused != nil {
				t.Fatal(refused.Text)
			}
			if !reflect.DeepEqual(got, any(test.want)) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestOptionSkeletonRefusesWhatAreNoFields(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		fields any
		want   string
	}{
		"a text":                {"email", "list of objects"},
		"one field alone":       {map[string]any{"key": "email", "required": true}, "list of objects"},
		"a list of texts":       {[]any{"email"}, "index 0 has no key"},
		"a field without a key": {[]any{map[string]any{"key": "a"}, map[string]any{"name": "email"}}, "index 1 has no key"},
		"a null key":            {[]any{map[string]any{"key": nil}}, "index 0 has no key"},
		"a null field":          {[]any{nil}, "index 0 has no key"},
		"required is no flag":   {[]any{map[string]any{"key": "email", "required": "sometimes"}}, "index 0 says neither"},
		"required is a number":  {[]any{map[string]any{"key": "email", "required": 1}}, "index 0 says neither"},
		"null":                  {nil, "null"},
	}

	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, refused := callSkeleton(t, test.fields)
			if refused == nil {
				t.Fatalf("it answers %v", got)
			}
			if refused.Argument != 0 || !strings.Contains(strings.ToLower(refused.Text), test.want) {
				t.Errorf("argument %d: %s", refused.Argument, refused.Text)
			}
		})
	}
}
