// SPDX-License-Identifier: MIT
package main

import (
	"strconv"
	"strings"
	"sync"
)

type task struct {
	id        int
	operation string
	data      []int64
}

type result struct {
	taskID int
	scalar int64
	values []int64 // of square and filter; nil for the others
	info   string
}

var operations = [...]string{"sum", "multiply", "square", "filter"}

func makeTasks(count, dataSize int) []*task {
	tasks := make([]*task, 0, count)
	for i := 0; i < count; i++ {
		data := make([]int64, dataSize)
		for k := range data {
			data[k] = int64((k*7 + i*3) % 100)
		}
		tasks = append(tasks, &task{id: i, operation: operations[i%len(operations)], data: data})
	}
	return tasks
}

var builders = sync.Pool{New: func() any { return new(strings.Builder) }}

// Builds a text of at most size bytes in a builder from the pool.
func buildText(size int, write func(*strings.Builder)) string {
	builder := builders.Get().(*strings.Builder)
	builder.Reset()
	builder.Grow(size)
	write(builder)
	text := builder.String()
	builders.Put(builder)
	return text
}

func (t *task) process() *result {
	done := &result{taskID: t.id}
	switch t.operation {
	case "sum":
		for _, value := range t.data {
			done.scalar += value
		}
		done.info = t.info("Sum of ", "", len(t.data))
	case "multiply":
		done.scalar = 1
		for _, value := range t.data {
			done.scalar *= value
		}
		done.info = t.info("Product of ", "", len(t.data))
	case "square":
		done.values = make([]int64, len(t.data))
		for k, value := range t.data {
			done.values[k] = value * value
		}
		done.info = t.info("Squared ", "", len(t.data))
	case "filter":
		done.values = make([]int64, 0, len(t.data))
		for _, value := range t.data {
			if value%2 == 0 {
				done.values = append(done.values, value)
			}
		}
		done.info = t.info("Filtered ", " even", len(done.values))
	}
	return done
}

func (t *task) info(verb, kind string, count int) string {
	return buildText(64, func(text *strings.Builder) {
		text.WriteString(verb)
		text.WriteString(strconv.Itoa(count))
		text.WriteString(kind)
		text.WriteString(" numbers")
	})
}

// Adds up all results, each times the number of its task, so that an exchange of two shows.
func digest(results []*result) uint64 {
	var sum uint64
	for _, each := range results {
		hash := uint64(each.scalar)
		for _, value := range each.values {
			hash = hash*31 + uint64(value) + 1
		}
		sum += hash * uint64(each.taskID+1)
	}
	return sum
}
