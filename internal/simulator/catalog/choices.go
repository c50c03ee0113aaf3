package catalog

import "strings"

// choiceSource is where a dynamic select gets its choices: a named list of the app, and the fields it depends on.
type choiceSource struct {
	appSlug  string
	list     string
	byParent map[string][]Choice // by the label of the nearest parent; "" for every other
	parents  []Field             // in the order of DependsOn, the nearest last
}

// DropdownChoices answers what a select offers: the fixed choices of a static one, and for a dynamic one those of its list.
// A dynamic select has none until every key of DependsOn has a value, and other ones (with other values) under another parent.
// A parent may be given by value or by label, as people write both. Each account after an app's first sees one entry of its own in
// lists without a parent, so that asking with the wrong account shows. A text field has none.
//
// Whether the account exists, fits the app and still works is for the caller to judge; an empty accountID sees what the first
// account sees.
func (c *Catalog) DropdownChoices(f Field, accountID string, values map[string]string) []Choice {
	if f.source == nil {
		return f.Choices
	}
	var path strings.Builder
	path.WriteString(f.source.appSlug + "/" + f.source.list)
	parent := ""
	for _, p := range f.source.parents {
		if values[p.Key] == "" {
			return nil
		}
		parent = c.parentLabel(p, accountID, values)
		path.WriteString("/" + parent)
	}
	listed, ok := f.source.byParent[parent]
	if !ok {
		listed = f.source.byParent[""]
	}
	all := make([]Choice, 0, len(listed)+1)
	for _, choice := range listed {
		label := strings.ReplaceAll(choice.Label, "{parent}", parent)
		all = append(all, Choice{Label: label, Value: c.choiceValue(choice, path.String()+"/"+label)})
	}
	if account, ok := c.secondAccount(accountID); ok && len(f.source.parents) == 0 {
		label := "Owned by " + account.Name
		all = append(all, Choice{Label: label, Value: c.ObjectID("choice", path.String()+"/"+label)})
	}
	return all
}

// choiceValue keeps a value that the table gives explicitly and makes an opaque id, as most real apps use, for the rest.
func (c *Catalog) choiceValue(choice Choice, path string) string {
	if choice.Value != "" {
		return choice.Value
	}
	return c.ObjectID("choice", path)
}

// parentLabel is the label of the value that the parent has, or the value itself where no choice is behind it.
func (c *Catalog) parentLabel(parent Field, accountID string, values map[string]string) string {
	value := values[parent.Key]
	for _, choice := range c.DropdownChoices(parent, accountID, values) {
		if choice.Value == value {
			return choice.Label
		}
	}
	return value
}

// secondAccount reports an account that is not its app's first.
func (c *Catalog) secondAccount(id string) (Account, bool) {
	i, ok := c.accountAt[id]
	if !ok || i == 0 || c.accounts[i-1].AppID != c.accounts[i].AppID {
		return Account{}, false
	}
	return c.accounts[i], true
}
