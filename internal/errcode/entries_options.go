package errcode

func optionEntries() []Entry {
	return append(accountEntries(), []Entry{
		{
			Code: OptionMissing, Title: "Required option is missing",
			Cause: "The trigger or action needs an option that neither `options` nor `secrets_wo` gives a value.",
			Cure:  "Add it to `options`, or to `secrets_wo` if its value is secret.",
		},
		{
			Code: OptionUnknown, Title: "Unknown option",
			Cause: "The metadata of the trigger or action does not list the key. It is an error where the key looks like a misspelled required one; otherwise it is written as it is, because some apps add options once others are chosen.",
			Cure:  "Correct the key as the message proposes, or leave it when the app knows it.",
		},
		{
			Code: NoSuchChoice, Title: "No such choice",
			Cause: "The option is a selection, and the value is not one of its choices. Labels are not values. For choices that come from the connected account it is a warning, because the account may offer the value by the time the connect runs.",
			Cure:  "Use one of the values that the message lists, or look it up with the data source `appypie_dropdown_options`.",
		},
		{
			Code: OptionDepends, Title: "Option depends on another",
			Cause: "The choices of the option depend on another option, which has no value.",
			Cure:  "Add the other option to `options`.",
		},
		{
			Code: OptionGivenTwice, Title: "Option given twice",
			Cause: "The same key stands in both `options` and `secrets_wo`.",
			Cure:  "Keep it in one of them: `secrets_wo` if its value must not be stored.",
			Guide: "secrets",
		},
		{
			Code: MaskedOptions, Title: "Options are masked",
			Cause: "The service shows the options masked, and nobody here knows their values. An edit sends all options of a step, so it could replace the values by their masks.",
			Cure:  "Nothing was written. Give their values in `secrets_wo`, or set them to \"\" in `options` to clear them.",
			Guide: "secrets",
		},
		{
			Code: OptionsHidden, Title: "Options are not shown",
			Cause: "The service does not show the options of the step. An edit sends all options of a step, so it could remove what nobody here can see.",
			Cure:  "Nothing was written. If the service has an operation that shows one connect with its options, tell the provider of it; else edit the step in the service.",
		},
		{
			Code: OptionsNotChecked, Title: "Options were not checked",
			Cause: "The metadata that the plan is checked against could not be fetched. It is said once in a run, and the apply is not held up.",
			Cure:  "Plan again when the service answers, or set `option_validation = \"off\"` to plan without this check.",
		},
		{
			Code: ReferenceUnknown, Title: "Reference to a value that is not there",
			Cause: "An option of an action refers to `{{key}}`, and neither the last test of the connect nor the metadata shows a value with that key of a step before the action.",
			Cure:  "Correct the key as the message proposes. `appypie fields --samples` and the data source `appypie_sample_data` list the keys. Where the trigger has changed since the last test, test the connect again.",
		},
		{
			Code: SecretsLeftOut, Title: "Secrets were left out",
			Cause: "The service shows the values of options whose names look secret. An import leaves them out, so that they get into no plan, state or generated configuration.",
			Cure:  "Put their values into `secrets_wo`, or into `options` if they are not secret. What is declared nowhere stays in the service as it is.",
			Guide: "secrets",
		},
		{
			Code: ImportedCleared, Title: "Options of an import are cleared",
			Cause: "The import found options that the configuration does not declare. They are in the state, so leaving them out clears them in the service.",
			Cure:  "To keep one, declare it in `options` with its value, or with `null`, which leaves it unmanaged.",
			Guide: adoptGuide,
		},
	}...)
}

func accountEntries() []Entry {
	return []Entry{
		{
			Code: NoSuchAccount, Title: "No such connected account",
			Cause: "The service has no connected account with the id in `account_id`. It may have been removed.",
			Cure:  "Connect the account again with `appypie accounts connect`, and use the id of the new one.",
		},
		{
			Code: AccountOfAnother, Title: "Account of another app",
			Cause: "The connected account belongs to another app than the trigger or action.",
			Cure:  "Use an account of the app that the message names.",
		},
		{
			Code: AccountBroken, Title: "Connected account does not work",
			Cause: "The service shows the account with a status such as expired or revoked, so the step will fail when it runs or is tested.",
			Cure:  "Connect the account again with `appypie accounts connect`. If that makes an account with another id, use that id.",
		},
		{
			Code: AccountMissing, Title: "Connected account is missing",
			Cause: "The app of the trigger or action needs a connected account, and `account_id` is not set.",
			Cure:  "Set `account_id`, for example from the data source `appypie_connected_account`.",
		},
	}
}
