// SPDX-License-Identifier: MIT

// go_worker does what the README of a Go teaching project says of its optimized worker:
// goroutines that end with a context, slices and maps made in their size, a pool of string
// builders, a status that is written over, a buffered channel, a WaitGroup. Prints what it took,
// as JSON, for reach.py to compare.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

type report struct {
	Processed         uint64 `json:"processed"`
	ObservedDurations uint64 `json:"observed_durations"`
	Kept              int    `json:"kept"`
	WallNS            int64  `json:"wall_ns"` // of the tasks alone, made before
	CPUNS             int64  `json:"cpu_ns"`
	PeakResidentBytes int64  `json:"peak_resident_bytes"`
	Digest            string `json:"digest,omitempty"`
}

func cpuNS() int64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return usage.Utime.Nano() + usage.Stime.Nano()
}

func peakResidentBytes() int64 {
	file, err := os.Open("/proc/self/status")
	if err != nil {
		panic(err)
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if fields := strings.Fields(lines.Text()); fields[0] == "VmHWM:" {
			kib, _ := strconv.ParseInt(fields[1], 10, 64)
			return kib * 1024
		}
	}
	return 0
}

func main() {
	taskCount := flag.Int("tasks", 100000, "how many tasks")
	workers := flag.Int("workers", 2, "how many workers")
	dataSize := flag.Int("data-size", 100, "elements of a task")
	helpers := flag.String("helpers", "task", "a helper goroutine for each `task|worker`")
	wantsDigest := flag.Bool("digest", false, "add up the results")
	flag.Parse()

	tasks := makeTasks(*taskCount, *dataSize)
	cpuBefore, began := cpuNS(), time.Now()
	made := newWorker(*taskCount, *helpers == "task")
	made.start(*workers)
	made.processAll(tasks)
	told := report{WallNS: time.Since(began).Nanoseconds(), CPUNS: cpuNS() - cpuBefore}
	made.stop()

	told.Processed = made.metrics.processedTasks()
	told.ObservedDurations = made.metrics.observedDurations()
	told.Kept = len(made.results)
	told.PeakResidentBytes = peakResidentBytes()
	if *wantsDigest {
		told.Digest = strconv.FormatUint(digest(made.results), 10)
	}
	if err := json.NewEncoder(os.Stdout).Encode(told); err != nil {
		panic(err)
	}
}
