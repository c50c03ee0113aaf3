package dialect

import "reflect"

// The types below are the canonical form of what a service shows: what a shape's
// program yields, by the names in the json tags. A program must yield each
// member, and null where the service does not show it; those marked need are
// never null. To show that there is none of something is not the same: that is
// an empty text or object. Times are the service's own text.
//
// In Go a member that is not shown is nil, or empty where nothing depends on it.

// Profile is the user whose credentials are used.
type Profile struct {
	ID    string `json:"id" dialect:"need"`
	Name  string `json:"name"`
	Email string `json:"email"`
	Plan  string `json:"plan"`
}

// Category groups apps.
type Category struct {
	ID      string `json:"id" dialect:"need"`
	Name    string `json:"name" dialect:"need"`
	SeoLink string `json:"seoLink"`
}

// App is a web app that connects can join.
type App struct {
	// ID is what accounts, steps and paths call the app.
	ID          string `json:"id" dialect:"need"`
	Name        string `json:"name" dialect:"need"`
	SeoLink     string `json:"seoLink"`
	Description string `json:"description"`
	Logo        string `json:"logo"`
	// AuthType is empty for an app that needs no account.
	AuthType    string   `json:"authType"`
	CategoryIDs []string `json:"categoryIds"`
}

// Account is a person's account at an app.
type Account struct {
	ID        string `json:"id" dialect:"need"`
	AppID     string `json:"appId" dialect:"need"`
	Name      string `json:"name"`
	Status    string `json:"status"`
	CreatedAt string `json:"createdAt"`
	UpdatedAt string `json:"updatedAt"`
}

// Link is what a person opens in a browser to connect an account. It is secret.
type Link struct {
	URL string `json:"url" dialect:"need"`
}

// PopularMatch is a ready pairing of a trigger with actions.
type PopularMatch struct {
	ID      string     `json:"id" dialect:"need"`
	Title   string     `json:"title"`
	Trigger EventRef   `json:"trigger" dialect:"need"`
	Actions []EventRef `json:"actions" dialect:"need"`
}

// EventRef names a trigger or an action within its app.
type EventRef struct {
	AppID   string `json:"appId" dialect:"need"`
	EventID string `json:"eventId" dialect:"need"`
}

// Event is a trigger or an action of an app.
type Event struct {
	ID          string  `json:"id" dialect:"need"`
	AppID       string  `json:"appId"`
	Name        string  `json:"name" dialect:"need"`
	Description string  `json:"description"`
	Fields      []Field `json:"fields"`
	// Outputs are the values that later steps can refer to; none where they are not
	// shown, or known only once the step was tested.
	Outputs []Output `json:"outputs"`
}

// Output is a value that a trigger or an action brings: steps after it refer to it
// by its key.
type Output struct {
	Key   string `json:"key" dialect:"need"`
	Label string `json:"label"`
}

// Field describes one option of a trigger or an action.
type Field struct {
	Key   string `json:"key" dialect:"need"`
	Label string `json:"label"`
	// Type is String or Select.
	Type     string   `json:"type" dialect:"need"`
	Required bool     `json:"required" dialect:"need"`
	HelpText string   `json:"helpText"`
	Choices  []Choice `json:"choices"`
	Dynamic  bool     `json:"dynamic" dialect:"need"`
	// DependsOn lists the keys that need a value before choices exist.
	DependsOn []string `json:"dependsOn"`
	// Default is what the editor fills in; empty where it fills in nothing.
	Default string `json:"default" dialect:"json"`
}

// Choice is one value that a Select offers.
type Choice struct {
	Label string `json:"label"`
	Value string `json:"value" dialect:"need"`
}

// Connect is an automation. The answer of a write may show a part of it only.
type Connect struct {
	ID             string  `json:"id" dialect:"need"`
	Name           *string `json:"name"`
	PopularMatchID *string `json:"popularMatchId"`
	// Status is the service's word; On is what words.on and words.off make of it.
	Status    *string `json:"status"`
	On        bool    `json:"-"`
	Trigger   *Step   `json:"trigger"`
	Actions   []Step  `json:"actions"`
	CreatedAt string  `json:"createdAt"`
	UpdatedAt string  `json:"updatedAt"`
}

// Step is the trigger or an action of a connect as it is configured.
type Step struct {
	// ID is empty where a service knows actions by their position.
	ID      string `json:"stepId"`
	AppID   string `json:"appId"`
	EventID string `json:"eventId"`
	// AccountID is empty while no account is chosen, nil when not shown.
	AccountID *string `json:"accountId"`
	// Options holds each value as the JSON it is, numbers as json.Number; nil
	// when the options are not shown. It shares the answer: copy it to change it.
	Options map[string]any `json:"options"`
}

// TestResult is the outcome of a test.
type TestResult struct {
	Steps []StepResult `json:"steps" dialect:"need"`
}

// StepResult is the outcome of testing one step.
type StepResult struct {
	StepID string `json:"stepId"`
	// Status is the service's word; Passed is what words.passed and words.failed
	// make of it.
	Status     string        `json:"status" dialect:"need"`
	Passed     bool          `json:"-"`
	Message    string        `json:"message"`
	SampleData []SampleDatum `json:"sampleData"`
}

// SampleDatum is one value that a test of a step produced. A value that is no
// text is its JSON.
type SampleDatum struct {
	Key   string `json:"key" dialect:"need"`
	Value string `json:"value" dialect:"json"`
	Label string `json:"label"`
}

// Failed reports whether the step did not pass.
func (s StepResult) Failed() bool { return !s.Passed }

// HistoryEntry is one run, test or change of a connect.
type HistoryEntry struct {
	ID         string `json:"id" dialect:"need"`
	ConnectID  string `json:"connectId"`
	Status     string `json:"status" dialect:"need"`
	Message    string `json:"message"`
	StartedAt  string `json:"startedAt"`
	FinishedAt string `json:"finishedAt"`
	Tasks      int    `json:"tasks"`
	// Steps is what a test showed of each step it reached; none where that is not
	// shown, and for what is no test.
	Steps []StepSample `json:"steps"`
}

// StepSample is the sample data that a test brought of one step.
type StepSample struct {
	// StepID is empty where a service knows steps by their position.
	StepID     string        `json:"stepId"`
	SampleData []SampleDatum `json:"sampleData"`
}

// shape is a kind of object with a projection of its own.
type shape struct {
	name string
	typ  reflect.Type
	// one and list read an answer that holds one of them, or many.
	one, list func(*Dialect, Operation, any) (Reading, error)
}

func shapeOf[T any](name string) shape {
	return shape{name, reflect.TypeFor[T](), readOne[T], readList[T]}
}

func shapes() []shape {
	return []shape{
		shapeOf[Profile]("profile"),
		shapeOf[Category]("category"),
		shapeOf[App]("app"),
		shapeOf[Account]("account"),
		shapeOf[Link]("link"),
		shapeOf[PopularMatch]("popular_match"),
		shapeOf[Event]("event"),
		shapeOf[Field]("field"),
		shapeOf[Choice]("choice"),
		shapeOf[Connect]("connect"),
		shapeOf[Step]("step"),
		shapeOf[TestResult]("test_result"),
		shapeOf[HistoryEntry]("history_entry"),
	}
}
