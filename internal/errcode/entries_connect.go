package errcode

// switchGuide tells what happens to a connect when an apply fails.
const switchGuide = "on-off-and-drift"

func connectEntries() []Entry {
	return append(connectErrors(), connectWarnings()...)
}

func connectErrors() []Entry {
	return []Entry{
		{
			Code: NoSuchPopularMatch, Title: "No such popular match",
			Cause: "The service has no popular match with the id in `popular_match_id`.",
			Cure:  "Look it up with the data source `appypie_popular_match`.",
		},
		{
			Code: WrongNumberOfActions, Title: "Wrong number of actions",
			Cause: "`actions` has more or fewer entries than the popular match has actions.",
			Cure:  "Write one entry for each action, in the order of the popular match.",
		},
		{
			Code: StepNotFound, Title: "No such step, or no such action",
			Cause: "The connect has no step at that position, or with that id.",
			Cure:  "Set `position` to one of the actions that the message lists, or correct the number of `actions`.",
		},
		{
			Code: StepAmbiguous, Title: "Which action?",
			Cause: "The connect has several actions, and `position` does not say which one is meant.",
			Cure:  "Set `position` to the number of the action: 1 is the first.",
		},
		{
			Code: NoSuchConnect, Title: "No such connect",
			Cause: "The service has no connect with the id in `connect_id`.",
			Cure:  "Check the id, or refer to the connect's resource: `appypie_connect.NAME.id`.",
		},
		{
			Code: ManagedTwice, Title: "Managed in two places",
			Cause: "Two resources of the configuration manage the same trigger, action or switch. They would overwrite each other with every apply.",
			Cure:  "Remove one of them. A resource of its own leaves the state without a change in the service through a `removed` block with `destroy = false`.",
			Guide: "one-block-or-four",
		},
		{
			Code: TestFailed, Title: "The test failed",
			Cause: "The service ran the steps of the connect, and the app of a step refused. The message has its answer.",
			Cure:  "Correct the options or the account of that step and apply again, or set `run_test = false` to turn the connect on untested.",
			Guide: switchGuide,
		},
		{
			Code: TestUnknown, Title: "It is not known whether the test ran",
			Cause: "The answer to the test was lost, and the history of the connect does not tell what came of it. The test was not run again, because it acts for real.",
			Cure:  "Look at the history of the connect and at the app of its last step. The next apply runs the test again.",
			Guide: switchGuide,
		},
		{
			Code: SwitchNotTaken, Title: "The switch did not move",
			Cause: "The service answered success twice, and the connect still reads as it was.",
			Cure:  "Apply again. If it stays so, look at the connect in the service: it may show why it does not switch.",
			Guide: switchGuide,
		},
		{
			Code: AmbiguousCreate, Title: "Several connects could be the one that was created",
			Cause: "The answer to a creation was lost, and the service shows more than one new connect of that popular match and name.",
			Cure:  "Nothing was created again. Decide which of them this resource is, delete the others in the service, and import it with the address of this resource: `terraform import ADDRESS ID`.",
		},
		{
			Code: CreateUnknown, Title: "It is not known whether the connect was created",
			Cause: "The answer to a creation was lost, and no new connect of that popular match and name was listed afterwards. The service may still make it. Nothing was sent again, because that could make two.",
			Cure:  "Run Terraform again: it looks for the connect first, takes it over if it is there, and creates it if it is not.",
		},
		{
			Code: DestroyPrevented, Title: "The connect must not be destroyed",
			Cause: "The plan or apply would destroy or replace a connect, and the `deletion_policy` in its state is `prevent`.",
			Cure:  "Set `deletion_policy` to another value and apply before you destroy. To take the connect out of Terraform and leave it as it is, write a `removed` block with `destroy = false`.",
			Guide: switchGuide,
		},
		{
			Code: ValueUnknown, Title: "Value is not known",
			Cause: "A value is still unknown although the resource is being applied. That is a fault of the provider or of Terraform. Nothing was sent.",
			Cure:  "Report it with the configuration.",
		},
	}
}

func connectWarnings() []Entry {
	return []Entry{
		{
			Code: TookOverInterrupted, Title: "Took over an interrupted creation",
			Cause: "An earlier apply in this working directory made the connect and was interrupted before Terraform learned of it.",
			Cure:  "Nothing has to be done: the connect is finished instead of making a second one.",
		},
		{
			Code: TookOverUnanswered, Title: "Took over a new connect",
			Cause: "The answer to the creation was lost. The service shows exactly one new connect of that popular match and name.",
			Cure:  "Nothing has to be done, unless somebody else made a connect of the same popular match and name at that moment: compare the id with what the service shows.",
		},
		{
			Code: CreationNotRecorded, Title: "Creation is not recorded",
			Cause: "The record of a creation could not be written. Should Terraform be killed during this apply, the next one may create the connect again.",
			Cure:  "Make the data folder of the working directory (`.terraform`) writable.",
		},
		{
			Code: SameNameExists, Title: "A connect of this name exists already",
			Cause: "The plan creates a connect, and the service has one of the same popular match and name that this configuration does not manage.",
			Cure:  "If it is meant, import it instead of creating another: `terraform import ADDRESS ID`. If another person or configuration owns it, nothing is wrong.",
		},
		{
			Code: LeftOff, Title: "The connect is off",
			Cause: "The connect was paused for a change and not turned on again: the service refuses that, or another change of the connect failed at the same time.",
			Cure:  "Fix what the message names and apply again. If no resource changes the connect any more, turn it on in the service.",
			Guide: switchGuide,
		},
		{
			Code: Gone, Title: "The connect is gone",
			Cause: "A complete listing, read twice, does not hold the connect, so it left the state.",
			Cure:  "Apply to make it again, or remove it from the configuration.",
		},
		{
			Code: TestRecovered, Title: "The answer to the test was lost",
			Cause: "The connect was off during the test, and its history has one new entry, which says that the test succeeded.",
			Cure:  "Nothing has to be done.",
		},
		{
			Code: WorkLeft, Title: "An earlier apply did not finish",
			Cause: "An earlier apply stopped after it had paused the connect or before it had tested it.",
			Cure:  "Apply: it does what the message lists, also where the plan shows no other change.",
			Guide: switchGuide,
		},
		{
			Code: StaysInService, Title: "The connect stays in the service",
			Cause: "`deletion_policy` is `retain`, so destroying or replacing the resource leaves the connect as it is, perhaps on.",
			Cure:  "Turn the connect off in the service if it should not run any longer, or set `deletion_policy` to `turn_off` or `delete` and apply before you destroy.",
			Guide: switchGuide,
		},
		{
			Code: MatchKnownLate, Title: "Another popular match",
			Cause: "`popular_match_id` was not known to the plan, and turned out to be another one during the apply. A plan that did not say so must not replace a live connect.",
			Cure:  "Nothing was changed. Run Terraform again: the plan then shows the replacement. Write the lookup so that it is known to the plan: without `depends_on` on what changes.",
		},
		{
			Code: EntryIsNull, Title: "An entry of actions is null",
			Cause: "Each entry of `actions` stands for one action of the popular match, so none can be left out.",
			Cure:  "Write `{}` for an action that is not managed here, or leave `actions` out.",
		},
		{
			Code: NotReady, Title: "The connect cannot be turned on or tested",
			Cause: "`enabled` or `run_test` is set on a new connect whose `trigger` or `actions` are managed elsewhere, and its steps need options or accounts that it does not have yet.",
			Cure:  "Set `trigger` and `actions`, or leave `enabled` and `run_test` to `appypie_connect_activation`.",
			Guide: "one-block-or-four",
		},
	}
}
