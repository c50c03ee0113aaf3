// Package release holds what is released to what the registries and their users
// want. It has tests only.
//
// With TF_ACC=1 they build what a release holds for this machine, by the
// configuration of GoReleaser, sign it with a key that they throw away, and read it
// as a registry does. Terraform, and OpenTofu where there is one, install it from a
// network mirror and from a registry on loopback, and apply an example with it.
//
// APPYPIE_RELEASE names a folder with a release of GoReleaser, which is taken
// instead (make release-check SNAPSHOT=1). APPYPIE_RELEASE_KEY is the armored public
// key that has signed it, and APPYPIE_RELEASE_VERSION its number; without them it is
// signed with a throw-away key and has the number that its checksums name.
package release
