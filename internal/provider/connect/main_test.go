package connect_test

import (
	"os"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

func TestMain(m *testing.M) {
	code := m.Run()
	acctest.RemoveBinary()
	os.Exit(code)
}
