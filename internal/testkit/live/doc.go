// Package live has no code, only the tests that work with any service: the life
// of a connect in both forms, its import and drift, and the data sources. Usually
// they run against the simulated service. With APPYPIE_LIVE=1 they run against
// the account, the service and the dialect that APPYPIE_* describe:
//
//	APPYPIE_LIVE=1 APPYPIE_API_URL=… APPYPIE_DIALECT=dialect.yaml APPYPIE_ACCESS_TOKEN=… go test -count=1 ./internal/testkit/live
//
// The connect under test is made from APPYPIE_LIVE_CONNECT, a JSON object of
// popular_match_id, trigger and actions as in a configuration. Without it the
// tests look for a popular match whose apps need no account or have one, and fill
// in what is required. A connect that is on may act for real, and so does a test,
// which therefore runs only with APPYPIE_LIVE_RUN_TEST=1.
package live
