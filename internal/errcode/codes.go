package errcode

// Settings and credentials.
const (
	InvalidSetting  Code = "AP1001"
	SettingUnknown  Code = "AP1002"
	InvalidEndpoint Code = "AP1003"
	LoginRequired   Code = "AP1004"
	AnswerLost      Code = "AP1005"
	SeedSuperseded  Code = "AP1006"
	RefreshUnknown  Code = "AP1007"
	TokenExpired    Code = "AP1008"
	TokenRejected   Code = "AP1009"
	ClientRejected  Code = "AP1010"
	TokenEndpoint   Code = "AP1011"
	TokenCommand    Code = "AP1012"
	SaveFailed      Code = "AP1013"
	LockTimeout     Code = "AP1014"
	StoreUnsafe     Code = "AP1015"
	StoreCorrupt    Code = "AP1016"
	StoreFormat     Code = "AP1017"
	StoreKey        Code = "AP1018"
	StoreUnreadable Code = "AP1019"
	StoreUnwritable Code = "AP1020"
	StoreConflict   Code = "AP1021"
	StoreCommand    Code = "AP1022"
	ProfileTaken    Code = "AP1023"
	RefreshRefused  Code = "AP1024"
	InvalidDialect  Code = "AP1031"
)

// Talking to the service.
const (
	Unauthorized     Code = "AP1101"
	Forbidden        Code = "AP1102"
	NotFound         Code = "AP1103"
	RateLimited      Code = "AP1104"
	UnexpectedAnswer Code = "AP1105"
	Unreachable      Code = "AP1106"
	Refused          Code = "AP1107"
	ServiceFault     Code = "AP1108"
	TimedOut         Code = "AP1109"
	Interrupted      Code = "AP1110"
	RequestNotMade   Code = "AP1131"
)

// Connects.
const (
	NoSuchPopularMatch   Code = "AP1201"
	WrongNumberOfActions Code = "AP1202"
	StepNotFound         Code = "AP1203"
	StepAmbiguous        Code = "AP1204"
	NoSuchConnect        Code = "AP1205"
	ManagedTwice         Code = "AP1206"
	TestFailed           Code = "AP1207"
	TestUnknown          Code = "AP1208"
	SwitchNotTaken       Code = "AP1209"
	AmbiguousCreate      Code = "AP1210"
	ValueUnknown         Code = "AP1211"
	TookOverInterrupted  Code = "AP1212"
	TookOverUnanswered   Code = "AP1213"
	CreationNotRecorded  Code = "AP1214"
	LeftOff              Code = "AP1215"
	Gone                 Code = "AP1216"
	TestRecovered        Code = "AP1217"
	CreateUnknown        Code = "AP1218"
	SameNameExists       Code = "AP1219"
	WorkLeft             Code = "AP1221"
	StaysInService       Code = "AP1222"
	MatchKnownLate       Code = "AP1223"
	EntryIsNull          Code = "AP1224"
	NotReady             Code = "AP1225"
	DestroyPrevented     Code = "AP1246"
)

// Options and accounts of steps.
const (
	OptionMissing     Code = "AP1301"
	OptionUnknown     Code = "AP1302"
	NoSuchChoice      Code = "AP1303"
	OptionDepends     Code = "AP1304"
	OptionGivenTwice  Code = "AP1305"
	MaskedOptions     Code = "AP1306"
	OptionsNotChecked Code = "AP1307"
	NoSuchAccount     Code = "AP1308"
	AccountOfAnother  Code = "AP1309"
	AccountBroken     Code = "AP1310"
	AccountMissing    Code = "AP1311"
	OptionsHidden     Code = "AP1312"
	SecretsLeftOut    Code = "AP1321"
	ImportedCleared   Code = "AP1322"
	ReferenceUnknown  Code = "AP1342"
)

// Lookups, data sources and functions.
const (
	LookupNone        Code = "AP1401"
	LookupSeveral     Code = "AP1402"
	NotASelection     Code = "AP1403"
	NoChoicesYet      Code = "AP1404"
	NoSuchOption      Code = "AP1405"
	LabelsNotUnique   Code = "AP1406"
	EmptyCategory     Code = "AP1407"
	NoAccountOfApp    Code = "AP1408"
	AppNeedsNoAccount Code = "AP1409"
	InvalidCallback   Code = "AP1410"
	MalformedTime     Code = "AP1411"
	InvalidDuration   Code = "AP1412"
	InvalidArgument   Code = "AP1413"
)

// Import and state.
const (
	MalformedImportID   Code = "AP1501"
	NameUnknown         Code = "AP1502"
	NameNotUnique       Code = "AP1503"
	PrivateStateDamaged Code = "AP1504"
	PrivateStateUnsaved Code = "AP1505"
	ProviderFault       Code = "AP1506"
)

// The companion command.
const (
	Usage             Code = "AP1601"
	BrowserRefused    Code = "AP1602"
	BrowserSilent     Code = "AP1603"
	PastedAddress     Code = "AP1604"
	NoWayBack         Code = "AP1605"
	UnsafeLink        Code = "AP1606"
	AppNotFound       Code = "AP1607"
	WrongAccount      Code = "AP1608"
	VariableMalformed Code = "AP1609"
	DoctorFound       Code = "AP1610"
	LocalFault        Code = "AP1611"
	TokenTooShort     Code = "AP1612"
	NameUnclear       Code = "AP1613"
	FileInTheWay      Code = "AP1614"
	NotExported       Code = "AP1615"
)
