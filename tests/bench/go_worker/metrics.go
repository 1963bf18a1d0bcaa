// SPDX-License-Identifier: MIT
package main

import (
	"hash/fnv"
	"math"
	"sort"
	"sync"
	"sync/atomic"
)

// What a task costs in client_golang, without it: a child is looked up by its label under a
// read lock, counters are atomics, a histogram adds to a bucket and to a sum of floats.

type counter struct{ value uint64 }

func (c *counter) inc() { atomic.AddUint64(&c.value, 1) }

type histogram struct {
	bounds  []float64
	buckets []uint64
	count   uint64
	sumBits uint64
}

// The default buckets of client_golang.
var defaultBounds = []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}

func newHistogram() *histogram {
	return &histogram{bounds: defaultBounds, buckets: make([]uint64, len(defaultBounds)+1)}
}

func (h *histogram) observe(value float64) {
	atomic.AddUint64(&h.buckets[sort.SearchFloat64s(h.bounds, value)], 1)
	for {
		old := atomic.LoadUint64(&h.sumBits)
		sum := math.Float64bits(math.Float64frombits(old) + value)
		if atomic.CompareAndSwapUint64(&h.sumBits, old, sum) {
			break
		}
	}
	atomic.AddUint64(&h.count, 1)
}

type vector[Child any] struct {
	mutex    sync.RWMutex
	children map[uint64]*Child
	make     func() *Child
}

func newVector[Child any](make func() *Child) *vector[Child] {
	return &vector[Child]{children: map[uint64]*Child{}, make: make}
}

func (v *vector[Child]) with(label string) *Child {
	hasher := fnv.New64a()
	hasher.Write([]byte(label))
	hash := hasher.Sum64()
	v.mutex.RLock()
	child, found := v.children[hash]
	v.mutex.RUnlock()
	if found {
		return child
	}
	v.mutex.Lock()
	defer v.mutex.Unlock()
	if child, found = v.children[hash]; !found {
		child = v.make()
		v.children[hash] = child
	}
	return child
}

type metrics struct {
	processed *vector[counter]
	durations *vector[histogram]
}

func newMetrics() *metrics {
	return &metrics{
		processed: newVector(func() *counter { return new(counter) }),
		durations: newVector(newHistogram),
	}
}

func (m *metrics) processedTasks() uint64 {
	var sum uint64
	for _, child := range m.processed.children {
		sum += atomic.LoadUint64(&child.value)
	}
	return sum
}

func (m *metrics) observedDurations() uint64 {
	var sum uint64
	for _, child := range m.durations.children {
		sum += atomic.LoadUint64(&child.count)
	}
	return sum
}
