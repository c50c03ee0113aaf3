package connect_test

import (
	"os"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/acctest"
)

func TestMain(m *testing.M) {
	code := m.Run()

	acctest.RemoveBinary()
	os.Exit(code)
}
