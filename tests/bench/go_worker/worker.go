// SPDX-License-Identifier: MIT
package main

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Written over for each task, and handed to helpers by value.
type status struct {
	worker    int
	taskID    int
	processed int
}

// The optimized worker of the Go project, by what its README says.
type worker struct {
	cancel        context.CancelFunc
	context       context.Context
	tasks         chan *task
	helperPerTask bool
	metrics       *metrics

	running sync.WaitGroup // workers
	helping sync.WaitGroup

	mutex    sync.Mutex
	results  []*result
	metadata map[int]string
	lastLine string
}

func newWorker(expected int, helperPerTask bool) *worker {
	made := &worker{
		tasks:         make(chan *task, 1000),
		helperPerTask: helperPerTask,
		metrics:       newMetrics(),
		results:       make([]*result, 0, expected),
		metadata:      make(map[int]string, expected),
	}
	made.context, made.cancel = context.WithCancel(context.Background())
	return made
}

func (w *worker) start(workers int) {
	for index := 0; index < workers; index++ {
		w.running.Add(1)
		go w.run(index)
		if !w.helperPerTask {
			w.startHelper(status{worker: index})
		}
	}
}

func (w *worker) run(index int) {
	defer w.running.Done()
	current := status{worker: index}
	for {
		select {
		case <-w.context.Done():
			return
		case next, open := <-w.tasks:
			if !open {
				return
			}
			current.taskID = next.id
			current.processed++
			w.process(next, current)
		}
	}
}

func (w *worker) process(next *task, current status) {
	began := time.Now()
	done := next.process()
	w.metrics.durations.with(next.operation).observe(time.Since(began).Seconds())
	w.metrics.processed.with(next.operation).inc()
	w.keep(done, logLine(current, done), metadataOf(current))
	if w.helperPerTask {
		w.startHelper(current)
	}
}

func (w *worker) keep(done *result, line, metadata string) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.results = append(w.results, done)
	w.metadata[done.taskID] = metadata
	w.lastLine = line
}

// A helper looks at its status now and then, and ends with the context.
func (w *worker) startHelper(watched status) {
	w.helping.Add(1)
	go func() {
		defer w.helping.Done()
		ticker := time.NewTicker(time.Second)
		defer ticker.Stop()
		for {
			select {
			case <-w.context.Done():
				return
			case <-ticker.C:
				_ = watched.processed
			}
		}
	}()
}

// All tasks, until the last one is done.
func (w *worker) processAll(tasks []*task) {
	for _, each := range tasks {
		w.tasks <- each
	}
	close(w.tasks)
	w.running.Wait()
}

func (w *worker) stop() {
	w.cancel()
	w.helping.Wait()
}

func logLine(current status, done *result) string {
	return buildText(96, func(text *strings.Builder) {
		text.WriteString("worker ")
		text.WriteString(strconv.Itoa(current.worker))
		text.WriteString(" processed task ")
		text.WriteString(strconv.Itoa(current.taskID))
		text.WriteString(": ")
		text.WriteString(done.info)
	})
}

func metadataOf(current status) string {
	return buildText(64, func(text *strings.Builder) {
		text.WriteString("worker=")
		text.WriteString(strconv.Itoa(current.worker))
		text.WriteString(" task=")
		text.WriteString(strconv.Itoa(current.taskID))
		text.WriteString(" processed=")
		text.WriteString(strconv.Itoa(current.processed))
	})
}
