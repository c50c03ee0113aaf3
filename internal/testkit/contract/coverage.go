package contract

import "sync"

// Coverage remembers which operations of a document were exercised, so that an
// operation nobody exercises can fail a test. It is safe for concurrent use.
type Coverage struct {
	document *Document
	seen     sync.Map
}

// NewCoverage starts with every operation of the document missing.
func NewCoverage(d *Document) *Coverage { return &Coverage{document: d} }

// Record notes that the operation with this ID was exercised. An ID that the
// document does not have changes nothing.
func (c *Coverage) Record(operationID string) { c.seen.Store(operationID, true) }

// Missing lists the IDs of the operations that were never recorded, sorted.
func (c *Coverage) Missing() []string {
	var missing []string
	for _, op := range c.document.operations {
		if _, seen := c.seen.Load(op.ID); !seen {
			missing = append(missing, op.ID)
		}
	}
	return missing
}
