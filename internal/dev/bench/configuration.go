package main

import "fmt"

const versionsFile = `terraform {
  required_providers {
    appypie = { source = "appypie-community/appypie" }
  }
}
`

const variables = `
variable "minute" {
  type    = string
  default = "15"
}
`

// oneBlock are connects in one resource. Their number and the popular match are
// left to fill in.
const oneBlock = versionsFile + variables + `
resource "appypie_connect" "many" {
  count            = %d
  name             = "Heartbeat ${count.index}"
  popular_match_id = %q
  enabled          = true
  trigger          = { options = { minute = var.minute } }
  actions = [{
    options = {
      url     = "https://hooks.example.com/${count.index}"
      payload = "minute ${var.minute}"
    }
  }]
}
`

// fourBlocks are the same connects in a module each: were they plain resources
// with a count, Terraform would evaluate all connects for the id of one.
const fourBlocks = versionsFile + variables + `
module "many" {
  source = "./connect"
  count  = %d
  number = count.index
  match  = %q
  minute = var.minute
}
`

const fourModule = versionsFile + `
variable "number" {}
variable "match" {}
variable "minute" {}

resource "appypie_connect" "this" {
  name             = "Heartbeat ${var.number}"
  popular_match_id = var.match
}

resource "appypie_trigger_options" "this" {
  connect_id = appypie_connect.this.id
  options    = { minute = var.minute }
}

resource "appypie_action_options" "this" {
  connect_id = appypie_connect.this.id
  options = {
    url     = "https://hooks.example.com/${var.number}"
    payload = "minute ${var.minute}"
  }
}

resource "appypie_connect_activation" "this" {
  connect_id = appypie_connect.this.id
  revisions  = [appypie_trigger_options.this.revision, appypie_action_options.this.revision]
}
`

// configuration are the files of a scale.
func configuration(size scale, match string) map[string]string {
	if size.four {
		return map[string]string{
			"main.tf":         fmt.Sprintf(fourBlocks, size.connects, match),
			"connect/main.tf": fourModule,
		}
	}
	return map[string]string{"main.tf": fmt.Sprintf(oneBlock, size.connects, match)}
}
