package contract

import (
	"errors"
	"fmt"
)

// ErrUnknownOperation marks the request error of an exchange whose method and
// path no operation of the document takes.
var ErrUnknownOperation = errors.New("no such operation in the contract")

// Validate holds one exchange to the document. It answers the ID of the
// operation (empty when there is none) and, apart from each other, what is
// wrong with the request and with the answer; nil means nothing. Each error is
// one line that names the operation, the place and the reason.
//
// A request that no operation takes has a request error that wraps
// ErrUnknownOperation; its answer must still be one of the shared refusals.
func (d *Document) Validate(e Exchange) (operationID string, requestErr, answerErr error) {
	op, values := d.find(e.Method, e.Path)
	if op == nil {
		name := e.Method + " " + e.Path
		requestErr = fmt.Errorf("%s: %w", name, ErrUnknownOperation)
		return "", requestErr, prefix(name, checkAnswer(d.unrouted, e))
	}
	return op.ID, prefix(op.ID, op.checkRequest(e, values)), prefix(op.ID, checkAnswer(op.answers, e))
}

func prefix(name string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", name, err)
}
