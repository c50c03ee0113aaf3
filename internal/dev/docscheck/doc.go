// Package docscheck holds the documentation to the code: every block of Terraform
// is validated against the provider, every command, flag, variable, attribute,
// file and test that a page names has to exist, every link has to lead somewhere,
// and the README's steps are carried out. It has tests only.
//
// A page is wrong in one of two ways, so the checks look both ways: a page names
// what does not exist, or what exists is on no page.
package docscheck
