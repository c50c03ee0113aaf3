package errcode

func companionEntries() []Entry {
	return []Entry{
		{
			Code: Usage, Title: "Invalid command line",
			Cause: "A flag or an argument is missing, unknown, or has a value that cannot work. The command exits with 2.",
			Cure:  "Read `--help` of the command.",
		},
		{
			Code: BrowserRefused, Title: "The browser came back without what was asked for",
			Cause: "Somebody denied the access, or the page refused the client, its redirect address or its scope.",
			Cure:  "Run the command again and allow the access. Check the client id, the redirect address of the message and `--scope`.",
			Guide: authenticationGuide,
		},
		{
			Code: BrowserSilent, Title: "No answer came back from the browser",
			Cause: "The browser could not reach this machine, or nobody answered in time.",
			Cure:  "Run the command again with `--no-browser`, or with a longer `--timeout`.",
			Guide: authenticationGuide,
		},
		{
			Code: PastedAddress, Title: "The pasted text is not the address",
			Cause: "Nothing was pasted, or something else than the address at which the browser ends.",
			Cure:  "Paste the whole address at which the browser ends, not the link that was opened.",
			Guide: authenticationGuide,
		},
		{
			Code: NoWayBack, Title: "The callback port cannot be opened",
			Cause: "Another program has the port.",
			Cure:  "Choose another `--port`.",
			Guide: authenticationGuide,
		},
		{
			Code: UnsafeLink, Title: "The link is not opened",
			Cause: "The page to open is not an https address. A browser could take such a link for something else than a web page.",
			Cure:  "Check `APPYPIE_API_URL` and `--authorize-url`.",
		},
		{
			Code: AppNotFound, Title: "No such app, or several",
			Cause: "A command was given a text that is the id, the slug or the name of no app, or that fits several.",
			Cure:  "Name the app by its id. `appypie apps` lists them.",
		},
		{
			Code: WrongAccount, Title: "The account of another app was connected",
			Cause: "The browser came back with an account of another app than the one that was asked for.",
			Cure:  "Run the command again, and choose the app of the command in the browser.",
		},
		{
			Code: VariableMalformed, Title: "A variable cannot be read",
			Cause: "An `APPYPIE_*` variable does not have the form that the message names, or names a file that cannot be used, or a proxy variable is not a URL.",
			Cure:  "Correct or unset the variable.",
		},
		{
			Code: DoctorFound, Title: "`appypie doctor` found something",
			Cause: "A check failed, or an operation of the service differs from what is assumed. The report has the details.",
			Cure:  "Follow the advice of the report. Where it names an override, set it in `endpoints`.",
			Guide: "provenance",
		},
		{
			Code: LocalFault, Title: "Something failed on this machine",
			Cause: "A file could not be read or written, or the output or the terminal was closed.",
			Cure:  "Fix the problem named in the message and run the command again.",
		},
		{
			Code: TokenTooShort, Title: "Tokens end sooner than asked for",
			Cause: "`appypie token --min-life` asks for more time than the access tokens of the login ever have.",
			Cure:  "Ask for less than the life that the message names, and run the command more often.",
			Guide: authenticationGuide,
		},
	}
}

// lookingEntries are about the commands that find and write things by name.
func lookingEntries() []Entry {
	return []Entry{
		{
			Code: NameUnclear, Title: "No such name, or several",
			Cause: "A command was given a name that no popular match, event, account, connect or login has, or that fits several.",
			Cure:  "Choose among those that the message names, by the id if need be. `appypie matches`, `accounts`, `connects` and `profiles` list them.",
		},
		{
			Code: FileInTheWay, Title: "A file is in the way",
			Cause: "`appypie export --dir` would have to overwrite a file that exists.",
			Cure:  "Move the file away, or choose another folder.",
			Guide: adoptGuide,
		},
		{
			Code: NotExported, Title: "A connect cannot be exported",
			Cause: "The service does not show the popular match of the connect, so nothing can say what it is made from.",
			Cure:  "Leave the connect out, or describe in a dialect where the service shows its popular match.",
			Guide: adoptGuide,
		},
	}
}
