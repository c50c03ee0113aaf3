package simulator

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Messages of the history that begin like this are about tests and about runs.
const (
	testMessage = "Test "
	runMessage  = "Run "
)

// Status words of a test step and of a history entry.
const (
	resultSuccess = "success"
	resultFailed  = "failed"
)

// missing returns what keeps a connect from running: required options without a
// value and accounts that are needed and not there, keyed as the wire names them.
func (s *Service) missing(c *Connect) map[string][]string {
	fields := map[string][]string{}
	for i, step := range c.steps() {
		where := "trigger"
		if i > 0 {
			where = fmt.Sprintf("actions.%d", i-1)
		}
		if app, ok := s.cat.App(step.AppID); ok && app.AuthType != "" {
			if step.AccountID == "" {
				fields[where+".accountId"] = []string{"is required: choose a connected account of " + app.Name}
			} else if _, ok := s.world.account(step.AccountID); !ok {
				fields[where+".accountId"] = []string{"names a connected account that is gone: choose another of " + app.Name}
			}
		}
		for _, field := range s.fields(*step) {
			if field.Required && step.Options[field.Key] == "" {
				fields[where+"."+field.Key] = []string{"is required: " + field.Label}
			}
		}
	}
	return fields
}

// ready returns the connect of a call when nothing is missing from it.
func (s *Service) ready(c *call, refusal string) (*Connect, error) {
	held, err := s.connect(s.world, c.params["connectId"])
	if err != nil {
		return nil, err
	}
	if fields := s.missing(held); len(fields) > 0 {
		return nil, notAsItIs(refusal, fields)
	}
	return held.clone(), nil
}

func (s *Service) turnOnConnect(c *call) (any, error) {
	held, err := s.connect(s.world, c.params["connectId"])
	if err != nil {
		return nil, err
	}
	if held.Status == StatusOn {
		return s.wireConnect(held), nil
	}
	changed, err := s.ready(c, "the connect cannot be turned on")
	if err != nil {
		return nil, err
	}
	if s.cfg.RequireTestToTurnOn && !changed.Tested {
		return nil, notAsItIs("the connect cannot be turned on", map[string][]string{
			"test": {"is required: run a test that succeeds after the last edit"},
		})
	}
	s.flip(changed, StatusOn)
	return s.switched(c, held, changed), nil
}

// switched is the answer to a switch.
func (s *Service) switched(c *call, before, after *Connect) wireConnect {
	if c.quirks[QuirkSwitchAnswersBefore] {
		return s.wireConnect(before)
	}
	return s.wireConnect(after)
}

func (s *Service) turnOffConnect(c *call) (any, error) {
	held, err := s.connect(s.world, c.params["connectId"])
	if err != nil {
		return nil, err
	}
	if held.Status == StatusOff || held.Status == StatusDraft {
		return s.wireConnect(held), nil
	}
	changed := held.clone()
	s.flip(changed, StatusOff)
	return s.switched(c, held, changed), nil
}

// flip turns a connect on or off and notes it in the history.
func (s *Service) flip(changed *Connect, status string) {
	changed.Status = status
	message := "Turned on"
	if status == StatusOff {
		message = "Turned off"
	}
	s.replaceConnect(changed, s.historyEntry(changed.ID, resultSuccess, message, s.now(), 0))
}

func (s *Service) historyEntry(connectID, status, message string, started time.Time, tasks int) *HistoryEntry {
	return &HistoryEntry{
		ID: s.nextID("history"), ConnectID: connectID, Status: status, Message: message,
		StartedAt: started, FinishedAt: s.now(), Tasks: tasks,
	}
}

type wireTestResult struct {
	Steps []wireTestStep `json:"steps"`
}

type wireTestStep struct {
	StepID     string       `json:"stepId"`
	Status     string       `json:"status"`
	Message    string       `json:"message"`
	SampleData []wireSample `json:"sampleData"`
}

// wireStepSample is what the history shows of a test's step.
type wireStepSample struct {
	StepID     string       `json:"stepId"`
	SampleData []wireSample `json:"sampleData"`
}

type wireSample struct {
	Key   string `json:"key"`
	Value string `json:"value"`
	Label string `json:"label"`
}

// runTest answers a test. One that fails is an answer and no refusal: the refusal
// is for a connect that cannot even be tried.
func (s *Service) runTest(c *call) (any, error) {
	changed, err := s.ready(c, "the connect cannot be tested")
	if err != nil {
		return nil, err
	}
	return s.tryConnect(changed, c.fault, c.started), nil
}

// tryConnect tests a connect and keeps the outcome.
func (s *Service) tryConnect(changed *Connect, fault Fault, started time.Time) wireTestResult {
	result, failure, tasks := s.trySteps(changed, fault)
	status, message := resultSuccess, testMessage+"succeeded"
	if failure != "" {
		status, message = resultFailed, testMessage+"failed: "+failure
	}
	changed.Tested = failure == ""
	entry := s.historyEntry(changed.ID, status, message, started, tasks)
	for _, step := range result.Steps {
		entry.Steps = append(entry.Steps, wireStepSample{StepID: step.StepID, SampleData: step.SampleData})
	}
	s.noteTest(changed, entry)
	return result
}

// trySteps tries every step in order. It returns the first failure, and how many
// actions succeeded.
func (s *Service) trySteps(c *Connect, fault Fault) (result wireTestResult, failure string, tasks int) {
	for i, step := range c.steps() {
		tested := s.testStep(*step, failure != "")
		if fault.Kind == FaultFailedTest && i == len(c.Actions) && failure == "" {
			tested.Status, tested.Message = resultFailed, cmp.Or(fault.Message, "simulated fault")
			tested.SampleData = []wireSample{}
		}
		if tested.Status == resultFailed && failure == "" {
			failure = tested.Message
		}
		if tested.Status == resultSuccess && i > 0 {
			tasks++
		}
		result.Steps = append(result.Steps, tested)
	}
	return result, failure, tasks
}

// noteTest keeps the outcome of a test. A test is no edit, so the connect's time
// of update stays.
func (s *Service) noteTest(tested *Connect, entry *HistoryEntry) {
	i, ok := s.position(s.world, tested.ID)
	if !ok {
		return
	}
	next := s.world
	next.connects = slices.Clone(s.world.connects)
	next.connects[i] = tested
	next.history = append(slices.Clip(s.world.history), entry)
	s.commit(next)
}

func (s *Service) testStep(step Step, skipped bool) wireTestStep {
	event := s.event(step)
	out := wireTestStep{StepID: step.StepID, Status: resultFailed, SampleData: []wireSample{}}
	if skipped {
		out.Message = event.Name + " was not tried because a step before it failed"
		return out
	}
	if account, ok := s.world.account(step.AccountID); ok && account.Status != AccountActive {
		out.Message = fmt.Sprintf("connected account %q has %s: connect it again", account.Name, account.Status)
		return out
	}
	out.Status, out.Message = resultSuccess, event.Name+" works"
	for _, datum := range s.cat.SampleData(event, step.Options) {
		out.SampleData = append(out.SampleData, wireSample(datum))
	}
	return out
}

type wireHistory struct {
	ID         string `json:"_id"`
	ConnectID  string `json:"connectId"`
	Status     string `json:"status"`
	Message    string `json:"message"`
	StartedAt  string `json:"startedAt"`
	FinishedAt string `json:"finishedAt"`
	Tasks      int    `json:"tasks"`
	// Steps is there for a test only.
	Steps []wireStepSample `json:"steps,omitempty"`
}

// getConnectHistory answers newest first.
func (s *Service) getConnectHistory(c *call) (any, error) {
	held, err := s.connect(c.world, c.params["connectId"])
	if err != nil {
		return nil, err
	}
	var entries []*HistoryEntry
	for _, entry := range slices.Backward(c.world.history) {
		if entry.ConnectID == held.ID {
			entries = append(entries, entry)
		}
	}
	return paginate(c, entries, func(e *HistoryEntry) wireHistory {
		return wireHistory{
			ID: e.ID, ConnectID: e.ConnectID, Status: e.Status, Message: e.Message,
			StartedAt: wireTime(e.StartedAt), FinishedAt: wireTime(e.FinishedAt), Tasks: e.Tasks, Steps: e.Steps,
		}
	})
}
