package tfkit

// End lets go of what a process holds until it ends.
func (r *Records) End() {
	runs := map[*journal]bool{r.run: true}
	for _, record := range r.left {
		runs[record.in] = true
	}
	for run := range runs {
		if run != nil && run.lock != nil {
			_ = run.lock.Close()
		}
	}
}
