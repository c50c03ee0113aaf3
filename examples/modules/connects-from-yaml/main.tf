locals {
  # Every step under a key, such as "leads/trigger" and "leads/1".
  steps = merge([
    for key, connect in var.connects : merge(
      { "${key}/trigger" = merge(connect.trigger, { connect = key, app = connect.trigger_app, position = 0 }) },
      {
        for i, action in connect.actions :
        "${key}/${i + 1}" => merge(action, { connect = key, app = coalesce(action.app, connect.action_app), position = i + 1 })
      },
    )
  ]...)

  accounts = {
    for step in local.steps :
    "${step.app}/${step.account}" => { app = step.app, name = lookup(var.account_names, step.account, step.account) }...
    if step.account != null
  }

  choices = merge([
    for key, step in local.steps : {
      for option in keys(step.choices) :
      "${key}/${option}" => { step = key, connect = step.connect, position = step.position, option = option }
    }
  ]...)
}

data "appypie_app" "all" {
  for_each = toset(flatten([for connect in var.connects : [connect.trigger_app, connect.action_app, compact(connect.actions[*].app)]]))
  name     = each.key
}

data "appypie_popular_match" "all" {
  for_each       = var.connects
  trigger_app_id = data.appypie_app.all[each.value.trigger_app].id
  action_app_id  = data.appypie_app.all[each.value.action_app].id
  title          = each.value.match
}

data "appypie_connected_account" "all" {
  for_each = local.accounts
  app_id   = data.appypie_app.all[each.value[0].app].id
  name     = each.value[0].name
}

locals {
  account_ids = {
    for key, step in local.steps :
    key => step.account == null ? null : data.appypie_connected_account.all["${step.app}/${step.account}"].id
  }
}

data "appypie_dropdown_options" "all" {
  for_each   = local.choices
  trigger_id = each.value.position == 0 ? data.appypie_popular_match.all[each.value.connect].trigger.trigger_id : null

  # A mocked popular match has no actions; in a real one, an action too many is an
  # error either way.
  action_id  = each.value.position == 0 ? null : try(data.appypie_popular_match.all[each.value.connect].actions[each.value.position - 1].action_id, "no-such-action")
  account_id = local.account_ids[each.value.step]
  key        = each.value.option
  values     = local.steps[each.value.step].options
}

locals {
  options = {
    for key, step in local.steps :
    key => merge(step.options, { for option, label in step.choices : option => data.appypie_dropdown_options.all["${key}/${option}"].by_label[label] })
  }
}

resource "appypie_connect" "this" {
  for_each         = var.connects
  name             = coalesce(each.value.name, each.key)
  popular_match_id = data.appypie_popular_match.all[each.key].id
  enabled          = each.value.enabled
  run_test         = each.value.run_test

  trigger = {
    account_id = local.account_ids["${each.key}/trigger"]
    options    = local.options["${each.key}/trigger"]
  }

  actions = [
    for i, action in each.value.actions : {
      account_id = local.account_ids["${each.key}/${i + 1}"]
      options    = local.options["${each.key}/${i + 1}"]
    }
  ]
}
