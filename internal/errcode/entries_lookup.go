package errcode

func lookupEntries() []Entry {
	return []Entry{
		{
			Code: LookupNone, Title: "No such app, category, popular match, connect, trigger, action or connected account",
			Cause: "A data source that stands for exactly one object found none. Names are compared as they are written.",
			Cure:  "Check the spelling; the message names what is near, and the plural data source lists what there is.",
		},
		{
			Code: LookupSeveral, Title: "More than one of them",
			Cause: "A data source that stands for exactly one object found several.",
			Cure:  "Narrow the search, or look one up by `id`.",
		},
		{
			Code: NotASelection, Title: "Not a selection",
			Cause: "`appypie_dropdown_options` was asked for the choices of an option that takes any text.",
			Cure:  "Write the value itself, or ask for one of the options with choices that the message lists.",
		},
		{
			Code: NoChoicesYet, Title: "No choices yet",
			Cause: "The choices of the option depend on another option, which has no value.",
			Cure:  "Add the other option to `values`.",
		},
		{
			Code: NoSuchOption, Title: "No such option",
			Cause: "The trigger or action has no option with that `key`.",
			Cure:  "Use one of the keys that the message lists.",
		},
		{
			Code: LabelsNotUnique, Title: "Labels are not unique",
			Cause: "Several choices have the same label, so `by_label` leaves them out.",
			Cure:  "Choose by value from `choices` instead.",
		},
		{
			Code: EmptyCategory, Title: "No app in the category",
			Cause: "No app is in a category with that id, so no connect can be.",
			Cure:  "Look the category up with `appypie_category` or `appypie_categories`.",
		},
		{
			Code: NoAccountOfApp, Title: "No connected account",
			Cause: "No account is connected to the app.",
			Cure:  "Connect one with `appypie accounts connect` and plan again. An app whose `auth_type` is null needs none.",
		},
		{
			Code: AppNeedsNoAccount, Title: "The app needs no account",
			Cause: "A link to connect an account was asked for, of an app whose steps work without one.",
			Cure:  "Leave `account_id` out of its steps.",
		},
		{
			Code: InvalidCallback, Title: "Invalid callback address",
			Cause: "`callback_url` is no address that a token may be sent to.",
			Cure:  "Give a whole https address without a fragment, or an http address on the loopback interface.",
		},
		{
			Code: MalformedTime, Title: "Malformed time",
			Cause: "`since` is not a time in RFC 3339.",
			Cure:  "Write a time such as `2026-01-31T08:00:00Z`.",
		},
		{
			Code: InvalidDuration, Title: "Invalid duration",
			Cause: "`timeout` is no duration, or is out of its bounds.",
			Cure:  "Write a duration such as `90s` or `10m`.",
		},
		{
			Code: InvalidArgument, Title: "A function refuses its argument",
			Cause: "An argument of `authorization_url`, `parse_callback` or `option_skeleton` is not what the function reads.",
			Cure:  "Correct the argument as the message says.",
		},
	}
}
