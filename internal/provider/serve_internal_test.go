package provider

import "testing"

// TestNeedlessLogs: the framework is silent until somebody asks for a log.
func TestNeedlessLogs(t *testing.T) {
	t.Parallel()
	for setting, silent := range map[string]bool{
		"PATH=/bin": true, "TF_LOG=TRACE": false, "TF_LOG_PROVIDER=DEBUG": false, "TF_LOG_SDK_FRAMEWORK=INFO": false,
	} {
		if got := len(needlessLogs([]string{"HOME=/", setting})) > 0; got != silent {
			t.Errorf("%s: silent is %t", setting, got)
		}
	}
}
