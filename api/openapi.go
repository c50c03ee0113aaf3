// Package api carries the contract of the Appy Pie Connect API as this project
// speaks it, as an OpenAPI 3.1 document.
package api

import _ "embed"

// OpenAPI is the text of openapi.yaml. Each operation in it carries
// x-provenance: "documented" with the page of the public reference that states
// it, or "assumed" with what the assumption rests on. Callers must not modify it.
//
//go:embed openapi.yaml
var OpenAPI []byte
