package acctest

import "encoding/json"

// FindSecrets returns an error when text holds a credential that the service
// issued or a value that was marked as a canary. Where says what the text is.
func (e *Env) FindSecrets(where, text string) error { return e.canaries.find(where, text) }

// TokenStore is the directory in which the provider of this Env keeps its login.
func (e *Env) TokenStore() string {
	store, _ := e.settings["token_store"].(map[string]any)
	path, _ := store["path"].(string)
	return path
}

// Stored is all that Terraform would write to its state, private data included,
// as text to search in.
func (r *Resource) Stored() string {
	text, err := json.Marshal(r.Attributes)
	if err != nil {
		return err.Error()
	}
	return string(text) + string(r.private)
}
