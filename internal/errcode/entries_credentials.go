package errcode

// authenticationGuide has the table of every message about credentials.
const authenticationGuide = "authentication"

// dialectGuide shows how to describe a service that differs from what is assumed.
const dialectGuide = "fit-the-provider"

func credentialEntries() []Entry {
	entries := append(settingEntries(), loginEntries()...)
	entries = append(entries, storeEntries()...)
	for i := range entries {
		if entries[i].Guide == "" {
			entries[i].Guide = authenticationGuide
		}
	}
	return entries
}

func settingEntries() []Entry {
	return []Entry{
		{
			Code: InvalidSetting, Title: "Invalid provider setting",
			Cause: "A setting has a value that cannot work, lacks its partner, or names a file that cannot be read.",
			Cure:  "Correct the attribute that the message names, in the provider block or in its `APPYPIE_*` variable.",
		},
		{
			Code: SettingUnknown, Title: "Provider setting is not known yet",
			Cause: "The value comes from a resource that has not been applied, so there is nothing to sign in with.",
			Cure:  "Apply that resource first with `-target`, or set the value from a variable or the environment.",
		},
		{
			Code: InvalidEndpoint, Title: "Invalid endpoint override",
			Cause: "An entry of `endpoints` names no operation, or its value does not have the form `METHOD /path` with the placeholders of the operation.",
			Cure:  "Correct the entry that the message names, in the provider block or in `APPYPIE_ENDPOINTS`.",
			Guide: dialectGuide,
		},
		{
			Code: InvalidDialect, Title: "Invalid dialect",
			Cause: "The document has a member that nobody knows, a program that is not jq, or a request that leaves out what the operation must send.",
			Cure:  "Correct the line that the message names, in the file of `dialect` or of `APPYPIE_DIALECT`.",
			Guide: dialectGuide,
		},
	}
}

func loginEntries() []Entry {
	return []Entry{
		{
			Code: LoginRequired, Title: "A login is needed",
			Cause: "There is no login for the profile, or the token endpoint refuses its refresh token: most often because another machine or pipeline has used it.",
			Cure:  "Run the `appypie login` of the message. If it repeats, the refresh token is used somewhere else: the guide CI/CD shows how several machines share one login.",
		},
		{
			Code: AnswerLost, Title: "The login has ended: a refresh was cut off",
			Cause: "A process was killed, or a machine failed, after the token endpoint replaced the refresh token and before the new one was stored.",
			Cure:  "Run `appypie login` with the profile of the message.",
		},
		{
			Code: SeedSuperseded, Title: "The refresh token belongs to an earlier login",
			Cause: "The configured refresh token is older than the login in the token store: two configurations share a profile and disagree.",
			Cure:  "Configure the newer refresh token everywhere, or remove it and log in. Give another account a profile of its own.",
		},
		{
			Code: RefreshUnknown, Title: "The outcome of a refresh is unknown",
			Cause: "The token endpoint was asked and its answer did not arrive, so it may or may not have replaced the refresh token.",
			Cure:  "Run again in a minute. The next run tries the same token once more and then says what is true.",
		},
		{
			Code: TokenExpired, Title: "The access token has expired",
			Cause: "The configured `access_token` has ended. It is used as it is and never renewed.",
			Cure:  "Set a new access token, or let the provider renew it: `appypie login` makes a login that it can renew.",
		},
		{
			Code: TokenRejected, Title: "The API refuses a token that should be valid",
			Cause: "The API answered 401 to a token that was just issued, or that should still last.",
			Cure:  "Check that `api_url` and `token_url` belong to the same service and that the account may use the API. Set a new `access_token` where one is configured.",
		},
		{
			Code: ClientRejected, Title: "The client or the key pair is refused",
			Cause: "The token endpoint does not accept the client id with its secret, or the platform key endpoint does not accept the key pair.",
			Cure:  "Check `client_id` and `client_secret`, and try `client_auth = \"header\"`; for a platform key, check `token_key` and `secret_key`.",
		},
		{
			Code: TokenEndpoint, Title: "The token endpoint cannot be used",
			Cause: "The token endpoint or the platform key endpoint did not answer, or answered something that is no token.",
			Cure:  "Check the network, the proxy, `token_url`, `platform_key_url` and `ca_certificate_file`, and run again. A login starts again: its code works once.",
		},
		{
			Code: TokenCommand, Title: "`token_command` gave no token",
			Cause: "The program failed, or it did not print one JSON object with a token that is valid.",
			Cure:  "Run the program by hand to see what it needs. It must print `{\"access_token\": \"…\", \"expires_at\": …}` and nothing else.",
		},
	}
}

func storeEntries() []Entry {
	return []Entry{
		{
			Code: SaveFailed, Title: "New tokens could not be saved",
			Cause: "The token endpoint replaced the refresh token, and the token store could not be written.",
			Cure:  "Repair the disk or the store and run again on the same machine. The next run completes the save, or says that a login is needed.",
		},
		{
			Code: LockTimeout, Title: "The token store is locked",
			Cause: "Another process has held the lock of the login for too long.",
			Cure:  "Look for a run that hangs, and end it. Leave the lock file where it is.",
		},
		{
			Code: StoreUnsafe, Title: "The token store is refused",
			Cause: "Other users could read or replace what is in the store, or it belongs to somebody else.",
			Cure:  "Run the `chmod` of the message, or use a folder of your own. If others could read the store, log in again as well.",
		},
		{
			Code: StoreCorrupt, Title: "The token store is corrupt",
			Cause: "The stored document is cut off, damaged, or one of another login.",
			Cure:  "Move the file away and log in. An older copy holds tokens that are spent.",
		},
		{
			Code: StoreFormat, Title: "The token store has an unknown format",
			Cause: "A newer version of the provider or of `appypie` wrote it.",
			Cure:  "Upgrade everything that shares the store.",
		},
		{
			Code: StoreKey, Title: "The token store cannot be decrypted",
			Cause: "The store is encrypted, and `APPYPIE_TOKEN_STORE_KEY` is missing or not the key that it was written with.",
			Cure:  "Set the key that it was written with. Without that key, move the file away and log in.",
		},
		{
			Code: StoreUnreadable, Title: "The token store cannot be read",
			Cause: "The system does not let this user read the folder or the file.",
			Cure:  "Check that the folder belongs to you and can be read.",
		},
		{
			Code: StoreUnwritable, Title: "The token store cannot be written",
			Cause: "The disk is full or the folder is read-only. The store is tried before a refresh token is spent.",
			Cure:  "Free space, or choose a folder that is writable with `token_store.path`. After `appypie logout`, remove the files of the message by hand.",
		},
		{
			Code: StoreConflict, Title: "The token store was changed by someone else",
			Cause: "Another process wrote the same login at the same time.",
			Cure:  "Run again.",
		},
		{
			Code: StoreCommand, Title: "A command of the token store failed",
			Cause: "`get_command` or `put_command` could not be started, failed, or printed something else than the document.",
			Cure:  "Run the command by hand to see what it needs.",
		},
		{
			Code: ProfileTaken, Title: "The profile has another login",
			Cause: "Two refresh tokens are configured for one profile, in two provider blocks or configurations, or a new one was set while the login of the profile still works. It would be lost if the new one replaced it.",
			Cure:  "Give each account, and each provider block with its own refresh token, a `profile` of its own. To replace the login by the new refresh token, run `appypie logout` with the profile of the message and then Terraform again.",
		},
	}
}
