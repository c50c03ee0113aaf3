package connectapi

const (
	// provenAfter is how many answers of an operation in a row the listing has
	// to bear out before the next are believed.
	provenAfter = 5
	// provenFor is how many answers are then believed until one is checked again.
	provenFor = 100
)

// credence tells which operations' answers are believed. To look at the listing
// after every write would cost as much as all the writes, so it is done until an
// operation has proven to answer what the listing shows, and now and then later.
type credence map[OperationName]*record

type record struct {
	// proven answers in a row were borne out, believed were not checked since.
	proven, believed int
}

func (c credence) of(op OperationName) *record {
	if c[op] == nil {
		c[op] = &record{}
	}

	return c[op]
}

// believes tells whether the next answer need not be checked.
func (r *record) believes() bool {
	if r.proven < provenAfter || r.believed == provenFor {
		return false
	}

	r.believed++

	return true
}

// checked notes what the listing said of an answer.
func (r *record) checked(borneOut bool) {
	r.believed = 0

	if r.proven++; !borneOut {
		r.proven = 0
	}
}
