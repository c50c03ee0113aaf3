package connect

import (
	"maps"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
)

// A mask that somebody copied into another connect would destroy a secret.
func TestStepDataLeavesMasksOut(t *testing.T) {
	t.Parallel()
	data := newStepData(connectapi.Step{ID: "s1", Options: connectapi.TextValues(map[string]string{
		"url": "https://example.com", "signing_secret": "****", "token": "••••••••f00d", "password": "********", "unset": "",
	})})
	if want := map[string]string{"url": "https://example.com"}; !maps.Equal(data.Options, want) {
		t.Errorf("options %v, want %v", data.Options, want)
	}
	if !data.AccountID.IsNull() || !data.AppID.IsNull() {
		t.Errorf("a step without account and app has texts: %+v", data)
	}
	if bare := newStepData(connectapi.Step{ID: "s1", Options: map[string]connectapi.Value{}}); bare.Options == nil {
		t.Error("options of a step without any are null, want an empty map")
	}
	if hidden := newStepData(connectapi.Step{ID: "s1"}); hidden.Options != nil {
		t.Error("options that the service does not show are an empty map, want null")
	}
}
