package main

import (
	"context"
	"io"
	"strconv"
	"time"
)

func (b *bench) writeRefresh(ctx context.Context, out io.Writer) error {
	found := map[int]map[string][]refreshed{}
	err := b.refreshes(ctx, func(size int, subject string, r refreshed) {
		if found[size] == nil {
			found[size] = map[string][]refreshed{}
		}
		found[size][subject] = append(found[size][subject], r)
	})
	if err != nil {
		return err
	}
	peak := func(size int, subject string) int64 {
		return middle(found[size][subject], func(r refreshed) int64 { return r.peak })
	}
	rows := []string{
		heading(1, "wall, s", "CPU, s", "peak, MiB") + "\t" + row("listings", "bytes for each", "further connect"),
		row("connects", three(3), nameReal, nameReal, nameFloor),
	}
	for i, size := range b.refresh {
		duration := func(number func(refreshed) time.Duration) string {
			return compared(middle(found[size][nameReal], number), middle(found[size][nameFloor], number), seconds)
		}
		slopes := row("", "")
		if i > 0 {
			slope := func(subject string) string {
				more := int64(size - b.refresh[i-1])
				return strconv.FormatInt((peak(size, subject)-peak(b.refresh[i-1], subject))/more, 10)
			}
			slopes = row(slope(nameReal), slope(nameFloor))
		}
		rows = append(rows, row(strconv.Itoa(size),
			duration(func(r refreshed) time.Duration { return r.wall }),
			duration(func(r refreshed) time.Duration { return r.cpu }),
			compared(peak(size, nameReal), peak(size, nameFloor), mebibytes),
			strconv.Itoa(found[size][nameReal][0].traffic.Requests["list_connects"]), slopes))
	}
	table(out, "Refresh in one provider process, without Terraform", rows...)
	return nil
}
