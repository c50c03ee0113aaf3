package contract

import (
	"net/http"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/appypie-community/terraform-provider-appypie/api"
)

// TestParseRefuses changes the document so that it would no longer say what the
// checks rest on; each change must be an error and not a check that is skipped.
func TestParseRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, old, text, want string }{
		{"not OpenAPI", "openapi: 3.1.0", "openapi: [", "read the OpenAPI document"},
		{"reference to nothing", "responses/Profile\"", "responses/Nobody\"", "read the OpenAPI document"},
		{"operation twice", "operationId: list_apps", "operationId: get_app", "check the OpenAPI document"},
		{"no provenance", "      x-provenance:", "      x-origin:", "x-provenance is missing"},
		{"unknown provenance", "status: documented\n", "status: certain\n", `unknown status "certain"`},
		{"documented without a page", "page: get-profile", "slug: get-profile", "names its page"},
		{"assumed without a basis", "basis: >-", "why: >-", "names its basis"},
		{"exactly one of what", "x-exactly-one-of: [accountId, appId]", "x-exactly-one-of: appId", "want a list of names"},
		{"exactly one of numbers", "x-exactly-one-of: [accountId, appId]", "x-exactly-one-of: [1, 2]", "want a list of names"},
		{"range of statuses", `"400": {`, `"4XX": {`, "only single statuses"},
		{"header parameter", "name: limit\n      in: query", "name: limit\n      in: header", "in header is not supported"},
		{"schema that does not compile", "[0-9a-f]{24}$", "[0-9a-f", "OpenAPI document"},
		{"optional body", "required: true\n      description: The name of", "required: false\n      description: The name of", "only a required one"},
		{"key in the query", "in: header\n      name: ACCESSTOKEN", "in: query\n      name: ACCESSTOKEN", "is not supported"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			text := strings.Replace(string(api.OpenAPI), test.old, test.text, 1)
			if text == string(api.OpenAPI) {
				t.Fatalf("the document does not hold %q", test.old)
			}
			_, err := parse([]byte(text))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

// TestObjectsAreClosed keeps a new object from accepting anything by accident:
// one that names its properties takes no others.
func TestObjectsAreClosed(t *testing.T) {
	t.Parallel()
	source, err := openapi3.NewLoader().LoadFromData(api.OpenAPI)
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for name, ref := range source.Components.Schemas {
		err := ref.WalkSubtree(func(place string, inner *openapi3.SchemaRef) error {
			schema := inner.Value
			if len(schema.Properties) == 0 {
				return nil
			}
			checked++
			if has := schema.AdditionalProperties.Has; has == nil || *has {
				t.Errorf("%s %s: additionalProperties is not false", name, place)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if checked < len(source.Components.Schemas)/2 {
		t.Errorf("only %d objects seen among %d schemas", checked, len(source.Components.Schemas))
	}
}

// TestRefusals holds every operation below the API base to the statuses that
// the reference lists on every page.
func TestRefusals(t *testing.T) {
	t.Parallel()
	document, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	statuses := []int{400, 401, 403, 404, 405, 406, 410, 429, 500, 503}
	for _, op := range document.operations {
		if !strings.HasPrefix(op.Path, "/api/v2/integrations/") {
			continue
		}
		for _, status := range append(statuses, http.StatusOK) {
			if op.def.Responses.Status(status) == nil {
				t.Errorf("%s: %d is not listed", op.ID, status)
			}
		}
		if listed := op.def.Responses.Len(); listed != len(statuses)+1 {
			t.Errorf("%s: %d statuses, want %d", op.ID, listed, len(statuses)+1)
		}
	}
	if shared := document.unrouted.Len(); shared != len(statuses) {
		t.Errorf("%d refusals for unknown paths, want %d", shared, len(statuses))
	}
}
