package acctest

// SamePhase returns a driver whose calls reach one provider process, as those do
// that plan, or apply, the resources of one run.
func (d *Driver) SamePhase() *Driver {
	phase := *d
	phase.settings = nil
	return &phase
}
