// Package reliability holds the fault matrix: every resource, in every phase of
// its life, with every operation that the phase performs, broken in every way
// that the simulated service knows. It has tests only.
//
// Which operations a phase performs is recorded from a run without faults, so a
// new call joins the matrix by itself. Each cell starts a service of its own,
// breaks one operation at its first, its last or every occurrence, and asks
// afterwards what users ask: is everything that exists in the state, does nothing
// exist twice, is the connect off or whole, did no credential leave, does the
// next apply finish the work.
//
// go test runs a sample that meets every kind of fault with every operation.
// APPYPIE_RELIABILITY=full (make reliability) runs all cells and rewrites the
// table of the guide.
package reliability
