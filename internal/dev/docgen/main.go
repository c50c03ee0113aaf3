// Command docgen makes what the docs take from the code.
//
//	docgen schema
//	docgen pages SCHEMA.json PAGE.md...
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
)

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "docgen:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, stdout io.Writer) error {
	if len(args) > 0 {
		switch args[0] {
		case "schema":
			return printSchema(ctx, stdout)
		case "pages":
			return fillPages(args[1:])
		}
	}
	return errors.New("usage: docgen schema, or docgen pages SCHEMA.json PAGE.md, and more pages")
}
