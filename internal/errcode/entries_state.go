package errcode

// adoptGuide is about imports.
const adoptGuide = "adopt-an-account"

func stateEntries() []Entry {
	return []Entry{
		{
			Code: MalformedImportID, Title: "Malformed import id",
			Cause: "The id of the import does not have the form that the resource takes.",
			Cure:  "Use the form that the message names; the page of each resource has an example.",
			Guide: adoptGuide,
		},
		{
			Code: NameUnknown, Title: "No such connect with that name",
			Cause: "`name/NAME` was imported, and no connect has exactly that name.",
			Cure:  "Look the name up with the data source `appypie_connects`, or import by id.",
			Guide: adoptGuide,
		},
		{
			Code: NameNotUnique, Title: "Name is not unique",
			Cause: "`name/NAME` was imported, and several connects have that name.",
			Cure:  "Import one of them by the id that the message lists.",
			Guide: adoptGuide,
		},
		{
			Code: PrivateStateDamaged, Title: "Private state cannot be read",
			Cause: "What the provider keeps beside the state of the resource was changed or cut off.",
			Cure:  "Remove the resource from the state with `terraform state rm` and import it again.",
		},
		{
			Code: PrivateStateUnsaved, Title: "Private state cannot be written",
			Cause: "A fault of the provider.",
			Cure:  "Report it with the configuration.",
		},
		{
			Code: ProviderFault, Title: "Unexpected provider data",
			Cause: "A fault of the provider.",
			Cure:  "Report it with the versions of the provider and of Terraform.",
		},
	}
}
