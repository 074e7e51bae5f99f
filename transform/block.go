package transform

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/transform/shell"
)

// block is a service's environment: in either of its forms. Editing keeps the form,
// and the order of a list.
type block struct {
	list    []any
	entries map[string]any // nil for a list
}

func newBlock(value any) *block {
	switch v := value.(type) {
	case []any:
		return &block{list: slices.Clone(v)}
	case map[string]any:
		return &block{entries: shallow(v)}
	}
	return &block{entries: map[string]any{}}
}

// has tells whether the block sets key.
func (b *block) has(key string) bool {
	if b.entries != nil {
		_, ok := b.entries[key]
		return ok
	}
	return b.find(key) >= 0
}

// sets tells whether the block switches key on.
func (b *block) sets(key string) bool {
	for _, entry := range b.texts() {
		if entry[0] == key {
			return !slices.Contains([]string{"", "0", "false", "no"}, strings.ToLower(entry[1]))
		}
	}
	return false
}

// put replaces old by key, or adds key at the end if old is not there. If key is
// there already, it gets the text and old is removed.
func (b *block) put(old, key, text string) {
	if old != key && b.has(key) {
		b.remove(old)
		old = key
	}
	if b.entries != nil {
		delete(b.entries, old)
		b.entries[key] = text
		return
	}
	item := key + "=" + text
	if at := b.find(old); at >= 0 {
		b.list[at] = item
		return
	}
	b.list = append(b.list, item)
}

// remove deletes key. It does nothing if key is not there.
func (b *block) remove(key string) {
	if b.entries != nil {
		delete(b.entries, key)
		return
	}
	b.list = slices.DeleteFunc(b.list, func(item any) bool { return itemKey(item) == key })
}

// texts returns the names and values that are set: those of a list in its order,
// those of a mapping sorted.
func (b *block) texts() [][2]string {
	var all [][2]string
	for _, key := range slices.Sorted(maps.Keys(b.entries)) {
		if text, ok := shell.ScalarText(b.entries[key]); ok {
			all = append(all, [2]string{key, text})
		}
	}
	for _, item := range b.list {
		if key, text, found := strings.Cut(fmt.Sprint(item), "="); found {
			all = append(all, [2]string{key, text})
		}
	}
	return all
}

func (b *block) find(key string) int {
	return slices.IndexFunc(b.list, func(item any) bool { return itemKey(item) == key })
}

// value returns the block in its form, nil if it is empty.
func (b *block) value() any {
	if b.entries == nil && len(b.list) > 0 {
		return b.list
	}
	if len(b.entries) > 0 {
		return b.entries
	}
	return nil
}

func itemKey(item any) string {
	key, _, _ := strings.Cut(fmt.Sprint(item), "=")
	return key
}
